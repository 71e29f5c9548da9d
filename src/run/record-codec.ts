/**
 * Records to bytes and back. What is read from a store is trusted as little as a manifest: shapes, bounds, names that
 * become parts of keys and files, and what the fields of one record say of each other are checked.
 */
import { z } from 'zod';
import { MAX_RENDITIONS, MAX_RENDITION_NAME_LENGTH, RENDITION_NAME } from '../algorithms/transcode/ladder.ts';
import { environmentError, messageOf } from '../errors.ts';
import { storeDamaged } from './damage.ts';
import { openSealedJson, sealJson } from './sealed-json.ts';
import type {
  BatchTarget,
  Checkpoint,
  EndedRecord,
  GenerationRecord,
  JobRecord,
  ObjectDigest,
  RunRecord,
  RunSettings,
  StoredRecord,
  SubmissionRecord,
} from './records.ts';

/** Tracks, shards, outcomes: tables hold them in 32 bits. */
const count = z.int().nonnegative().max(0xffff_ffff);
const time = z.iso.datetime();
/** Names that become parts of keys. */
const runId = z.string().regex(/^[\w.-]{1,128}$/);
const algorithmName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);
const algorithmVersion = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/);

const digest: z.ZodType<ObjectDigest> = z.object({
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const settings: z.ZodType<RunSettings> = z.object({
  algorithms: z
    .array(z.object({ name: algorithmName, version: algorithmVersion }))
    .min(1)
    .max(1000)
    .refine(hasDistinctNames, 'an algorithm is named twice'),
  ladder: z
    .array(
      z.object({
        // It names files: of a worker's scratch folder, and in the store.
        name: z.string().max(MAX_RENDITION_NAME_LENGTH).regex(RENDITION_NAME),
        codec: z.enum(['aac', 'mp3', 'opus', 'flac']),
        container: z.enum(['m4a', 'mp3', 'ogg', 'flac']),
        bitrate: z.int().positive().max(10_000_000).optional(),
      }),
    )
    .min(1)
    .max(MAX_RENDITIONS)
    .refine(hasDistinctNames, 'a rendition is named twice')
    .optional(),
  shardSeconds: z.number().positive(),
  checkpointSeconds: z.number().positive(),
  maxSourceBytes: z.int().positive(),
  maxDurationSeconds: z.number().positive(),
});

const seconds = z.number().nonnegative();

const target: z.ZodType<BatchTarget> = z.object({
  region: z.string(),
  queue: z.string(),
  fallbackQueue: z.string().optional(),
  definition: z.string(),
  arraySize: z.int().positive(),
  reclaims: z.int().positive(),
  memoryMiB: z.int().positive().optional(),
  shareIdentifier: z.string().optional(),
});

const run: z.ZodType<RunRecord> = z
  .object({
    schema: z.literal(1),
    kind: z.literal('run'),
    run: runId,
    createdAt: time,
    tool: z.string(),
    settings,
    manifest: z
      .object({
        name: z.string(),
        base: z.string(),
        sha256: z.string(),
        header: z.array(z.string()),
        rows: count,
        accepted: count,
        rejected: count,
      })
      .refine(
        ({ rows, accepted, rejected }) => accepted + rejected === rows,
        'accepted and rejected are not all rows',
      ),
    plan: z.object({
      shards: count,
      weightSeconds: seconds,
      audioSeconds: seconds,
      files: z.object({ rows: digest, shardTable: digest, rejected: digest }).optional(),
    }),
    target: target.optional(),
  })
  .refine(({ manifest, plan }) => plan.shards <= manifest.accepted, 'there are more shards than tracks');

const generation: z.ZodType<GenerationRecord> = z.object({
  schema: z.literal(1),
  kind: z.literal('generation'),
  run: runId,
  generation: z.int().positive(),
  plan: z.string().regex(/^[\w-]+$/),
  createdAt: time,
  firstShard: count,
  shards: count,
  tracks: count,
  outcomes: z.record(z.string(), z.record(z.string(), count)),
  weightSeconds: seconds,
  files: z.object({ rows: digest, shardTable: digest }).optional(),
});

/** The fields of a ProcessAddress. */
const processAddress = {
  host: z.string(),
  process: z.int(),
  started: z.string().optional(),
  boot: z.string().optional(),
  namespace: z.string().optional(),
  namespaceStarted: z.string().optional(),
};

const submission: z.ZodType<SubmissionRecord> = z.object({
  schema: z.literal(1),
  kind: z.literal('submission'),
  run: z.string(),
  submission: z.int().positive(),
  createdAt: time,
  reason: z.enum(['run', 'resume', 'retry-failed', 'escalate']),
  shards: count,
  table: digest.optional(),
  executor: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('local'),
      ...processAddress,
      concurrency: z.int().positive(),
    }),
    z.object({
      kind: z.literal('batch'),
      target,
      queue: z.string(),
      definition: z.string(),
      memoryMiB: z.int().positive().optional(),
      escalatedMemory: z.boolean().optional(),
    }),
  ]),
});

const job: z.ZodType<JobRecord> = z.object({
  schema: z.literal(1),
  kind: z.literal('job'),
  run: z.string(),
  submission: z.int().positive(),
  job: count,
  state: z.enum(['intended', 'submitted']),
  claim: z.string(),
  jobId: z.string().optional(),
  updatedAt: time,
});

const ended: z.ZodType<EndedRecord> = z.object({
  schema: z.literal(1),
  kind: z.literal('ended'),
  run: z.string(),
  submission: z.int().positive(),
  endedAt: time,
  outcome: z.enum(['finished', 'interrupted', 'cancelled', 'gave-up']),
  gaveUp: z.array(z.object({ shard: count, reason: z.string() })),
});

const checkpoint: z.ZodType<Checkpoint> = z
  .object({
    schema: z.literal(1),
    kind: z.literal('checkpoint'),
    run: z.string(),
    shard: count,
    attempt: z.string(),
    holder: z.object(processAddress),
    attempts: z.int().positive(),
    reclaims: count.optional(),
    state: z.enum(['running', 'drained', 'complete', 'finished']),
    rows: count,
    next: count,
    parts: z.array(z.string().regex(/^\d+-\d+-[\w-]+\.jsonl\.zst$/)),
    counts: z.record(z.string(), z.object({ succeeded: count, failed: z.record(z.string(), count) })),
    noted: count.optional(),
    strikes: z.array(
      z.object({
        row: count,
        crashes: z.int().positive(),
        cause: z.enum(['crashed', 'out-of-memory', 'timeout']),
      }),
    ),
    workSeconds: seconds,
    updatedAt: time,
  })
  .superRefine(({ rows, next, noted, strikes, counts }, context) => {
    const complain = (message: string): void => context.addIssue({ code: 'custom', message });
    if (next > rows) complain(`${next} of ${rows} rows are committed`);
    if ((noted ?? 0) >= rows && noted !== undefined) complain(`row ${noted} of ${rows} is noted`);
    for (const { row } of strikes) if (row >= rows) complain(`row ${row} of ${rows} is struck`);
    for (const [algorithm, { succeeded, failed }] of Object.entries(counts)) {
      const outcomes = Object.values(failed).reduce((sum, number) => sum + number, succeeded);
      if (outcomes > next) complain(`${outcomes} outcomes of ${algorithm} stand for ${next} rows`);
    }
  });

type Kind = StoredRecord['kind'];
type RecordOf<K extends Kind> = Extract<StoredRecord, { kind: K }>;

const schemas: { readonly [K in Kind]: z.ZodType<RecordOf<K>> } = {
  run,
  generation,
  submission,
  job,
  ended,
  checkpoint,
};

/** The bytes of a record: JSON that people can read, with its digest. */
export function encodeRecord(record: StoredRecord): Uint8Array {
  return sealJson(record);
}

/**
 * Reads a record and makes sure that it is what its key says.
 *
 * @param key where it was read, for the message
 * @param identity fields that it must carry: its run, its shard
 * @throws BackfillError `store-damaged` when it is not as it was written, or is of another place; `record-too-new`
 */
export function decodeRecord<K extends Kind>(
  kind: K,
  key: string,
  bytes: Uint8Array,
  identity: Partial<RecordOf<K>>,
): RecordOf<K> {
  let json: unknown;
  try {
    json = openSealedJson(bytes);
  } catch (error) {
    throw storeDamaged(key, messageOf(error), { cause: error });
  }
  const schema = (json as { schema?: unknown } | null)?.schema;
  if (typeof schema === 'number' && Number.isSafeInteger(schema) && schema > 1) {
    throw environmentError(
      'record-too-new',
      `${key} has schema ${schema}, and this backfill reads schema 1`,
      {
        hint: 'use the version of backfill that wrote it, or a newer one',
      },
    );
  }
  const parsed = schemas[kind].safeParse(json);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const place = first === undefined || first.path.length === 0 ? '' : `${first.path.join('.')}: `;
    throw storeDamaged(key, `${place}${first?.message ?? 'it is no record'}`, { cause: parsed.error });
  }
  const stored = new Map<string, unknown>(Object.entries(parsed.data));
  for (const [field, value] of Object.entries(identity)) {
    if (stored.get(field) !== value) {
      throw storeDamaged(key, `its ${field} is ${String(stored.get(field))}, not ${String(value)}`);
    }
  }
  return parsed.data;
}

function hasDistinctNames(named: readonly { readonly name: string }[]): boolean {
  return new Set(named.map(({ name }) => name)).size === named.length;
}
