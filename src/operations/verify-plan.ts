/** What planning and submitting have left in the store, against what its records say of it. */
import { assertDigest, digestChunks } from '../run/object-digest.ts';
import { decodeHeaderFrame } from '../plan/packed-plan.ts';
import { SHARD_TABLE_HEADER_RANGE, readShardTableHeader } from '../plan/shard-table.ts';
import { planHeader, shardSpans } from '../run/generations.ts';
import { endedKey, planKey, rejectedKey, shardTableKey } from '../run/keys.ts';
import { readIfPresent, readNamedObject } from '../run/read-object.ts';
import { decodeRecord } from '../run/record-codec.ts';
import { readingPlan, storeDamaged, storeLacks } from '../run/damage.ts';
import type { ObjectDigest } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { type OpenRun, listSubmissions, readSubmission, readSubmissionEntries } from './runs.ts';

const PIECE_BYTES = 8 * 1024 * 1024;
const [QUOTE, LINE_FEED] = [0x22, 0x0a];

/**
 * The checks of a run's plans, rejected rows and submissions, each of which throws `store-damaged` where something is
 * not as its record says. (The tables of shards are checked whenever they are read.)
 *
 * @param deep whether the rows of plans are read whole; they are read shard by shard anyway, with checksums
 */
export function planChecks(store: ObjectStore, run: OpenRun, deep: boolean): (() => Promise<void>)[] {
  const { record, generations } = run;
  return [
    ...shardSpans(record, generations).map(({ generation, plan, files }) => async () => {
      const key = planKey(record.run, plan);
      await checkHeader(store, run, generation, plan);
      if (files === undefined) return;
      await checkSize(store, key, files.rows);
      if (deep) assertDigest(key, await digestChunks(piecesOf(store, key, files.rows.bytes)), files.rows);
    }),
    () => checkRejected(store, run),
    () => checkSubmissions(store, record.run),
  ];
}

/** The plan's first frame, which people read (`zstdcat`) and no worker. */
async function checkHeader(
  store: ObjectStore,
  { record }: OpenRun,
  generation: number,
  plan: string,
): Promise<void> {
  const [key, tableKey] = [planKey(record.run, plan), shardTableKey(record.run, plan)];
  const table = await readNamedObject(store, tableKey, { range: SHARD_TABLE_HEADER_RANGE });
  const { headerFrame } = readingPlan(tableKey, 'its header', () => readShardTableHeader(table));
  const frame = await readNamedObject(store, key, { range: headerFrame });
  const header = readingPlan(key, 'its header', () => decodeHeaderFrame(frame));
  if (JSON.stringify(header) === JSON.stringify(planHeader(record, generation))) return;
  throw storeDamaged(key, 'its header is not that of the manifest');
}

/** The rejected rows are the truth about the rows that no shard has: their number and their digest. */
async function checkRejected(store: ObjectStore, { record }: OpenRun): Promise<void> {
  const { run, manifest, plan } = record;
  const key = rejectedKey(run);
  const rejected = plan.files?.rejected;
  const bytes = await sizeOf(store, key);
  if (bytes === undefined) throw storeLacks(key);
  if (rejected !== undefined) {
    assertDigest(key, await digestChunks(piecesOf(store, key, bytes)), rejected);
  }
  // Its header is a record too.
  const rows = (await countRecords(piecesOf(store, key, bytes))) - 1;
  if (rows !== manifest.rejected) {
    throw storeDamaged(key, `it has ${rows} rows, and ${manifest.rejected} were rejected`);
  }
}

async function checkSubmissions(store: ObjectStore, run: string): Promise<void> {
  for (const submission of await listSubmissions(store, run)) {
    await readSubmissionEntries(store, await readSubmission(store, run, submission));
    const key = endedKey(run, submission);
    const ended = await readIfPresent(store, key);
    if (ended !== undefined) decodeRecord('ended', key, ended, { run, submission });
  }
}

async function checkSize(store: ObjectStore, key: string, { bytes }: ObjectDigest): Promise<void> {
  const found = await sizeOf(store, key);
  if (found === undefined) throw storeLacks(key);
  if (found !== bytes) throw storeDamaged(key, `it has ${found} bytes, and was written with ${bytes}`);
}

async function sizeOf(store: ObjectStore, key: string): Promise<number | undefined> {
  for await (const listed of store.list(key)) if (listed.key === key) return listed.size;
  return undefined;
}

async function* piecesOf(store: ObjectStore, key: string, bytes: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes; offset += PIECE_BYTES) {
    const range = { offset, length: Math.min(PIECE_BYTES, bytes - offset) };
    yield await readNamedObject(store, key, { range });
  }
}

/** The records of a CSV file as backfill writes them: line feeds that no quotes enclose. */
async function countRecords(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let records = 0;
  let quoted = false;
  for await (const piece of pieces) {
    for (const byte of piece) {
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === LINE_FEED && !quoted) records += 1;
    }
  }
  return records;
}
