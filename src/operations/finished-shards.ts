import type { BackfillError } from '../errors.ts';
import { storeDamaged } from '../run/damage.ts';
import { shardSpans } from '../run/generations.ts';
import { checkpointKey, donePrefix, generationKey, shardOfPrefix, shardsPrefix } from '../run/keys.ts';
import type { OutcomeCounts } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { listDoneMarkers } from '../worker/done-markers.ts';
import { readCheckpoint } from '../worker/shard-checkpoint.ts';
import { readAhead } from './read-ahead.ts';
import type { OpenRun } from './runs.ts';

/** Checkpoints that are read at a time. */
const CHECKPOINTS_AHEAD = 64;

/** A shard whose results are published: what files it has, and how many rows each, follows from its counts. */
export interface FinishedShard {
  readonly shard: number;
  readonly counts: Readonly<Record<string, OutcomeCounts>>;
  /** Whether it has a marker. */
  readonly marked: boolean;
}

/**
 * The finished shards of a run, by their markers; one whose marker is missing, by its checkpoint. Two listings, a
 * request a thousand shards each, and a read for each shard that is claimed and has no marker, or one without counts.
 *
 * @throws BackfillError `store-damaged` where there is a shard that no plan of the run has
 */
export async function* finishedShards(store: ObjectStore, run: OpenRun): AsyncGenerator<FinishedShard> {
  const { run: id } = run.record;
  const planned = shardSpans(run.record, run.generations).reduce((sum, { shards }) => sum + shards, 0);
  const seen = new Set<number>();
  const unread: number[] = [];
  for await (const { shard, counts } of listDoneMarkers(store, id)) {
    if (shard >= planned) throw unplanned(run, donePrefix(id), shard);
    if (seen.has(shard)) continue;
    seen.add(shard);
    if (counts === undefined) unread.push(shard);
    else yield { shard, counts, marked: true };
  }
  for await (const { key } of store.list(shardsPrefix(id), { delimiter: '/' })) {
    const shard = shardOfPrefix(id, key);
    if (shard === undefined || seen.has(shard)) continue;
    if (shard >= planned) throw unplanned(run, shardsPrefix(id), shard);
    unread.push(shard);
  }
  const read = readAhead(
    unread,
    async (shard) => ({ shard, found: await readCheckpoint(store, id, shard) }),
    CHECKPOINTS_AHEAD,
  );
  for await (const { shard, found } of read) {
    if (found?.checkpoint.state === 'finished') {
      yield { shard, counts: found.checkpoint.counts, marked: seen.has(shard) };
    } else if (seen.has(shard)) {
      throw storeDamaged(checkpointKey(id, shard), 'its shard is marked as finished, and it does not say so');
    }
  }
}

/** A shard beyond the plans that the run is known to have: of a retry, as a rule, whose record is lost. */
export function unplanned({ record, generations }: OpenRun, prefix: string, shard: number): BackfillError {
  return storeDamaged(
    generationKey(record.run, generations.length + 1),
    `it is missing, or ${prefix} is: that holds shard ${shard}, which is in no plan of the run`,
  );
}
