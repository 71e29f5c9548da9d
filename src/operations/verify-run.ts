import type { SubmissionEntry } from '../run/submission-table.ts';
import { readResultsOfShard } from './read-results.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { outcomeKey } from './failures.ts';
import { readShardTracks, readShards } from './plans.ts';
import { readShardFailures } from './read-results.ts';
import type { OpenRun } from './runs.ts';
import { readShardStates } from './shard-states.ts';

/** What {@link verifyRun} found. */
export interface Verification {
  readonly runId: string;
  /** Whether every accepted track has exactly one outcome of every algorithm, and the counts agree. */
  readonly proven: boolean;
  readonly tracks: { readonly total: number; readonly accepted: number; readonly rejected: number };
  /** Outcomes as the results themselves have them. */
  readonly algorithms: Readonly<Record<string, { readonly succeeded: number; readonly failed: number }>>;
  readonly unfinishedShards: number;
  /** What is wrong, the first {@link MAX_VIOLATIONS} in words. */
  readonly violations: readonly string[];
  readonly violationCount: number;
}

/** So many violations are put into words; the rest is counted. */
export const MAX_VIOLATIONS = 100;

/**
 * Proves that every row of the manifest is in exactly one state for each algorithm: reads every plan, and
 * the track ids of all results and failures, and compares. A retry must work outcomes that had failed,
 * and leave each with one outcome again. Memory: one shard, and the failures that stand.
 */
export async function verifyRun(store: ObjectStore, run: OpenRun): Promise<Verification> {
  const { record } = run;
  const { finished } = await readShardStates(store, record.run);
  const proof = new Proof(record.settings.algorithms.map(({ name }) => name));
  const { rows, accepted, rejected } = record.manifest;
  if (accepted + rejected !== rows)
    proof.violate(`${rows} rows are not ${accepted} accepted and ${rejected} rejected`);
  let planned = 0;
  let unfinishedShards = 0;
  for (const entry of await readShards(store, run)) {
    if (entry.generation === 0) planned += entry.rows;
    if (!finished.has(entry.shard)) {
      unfinishedShards += 1;
      continue;
    }
    await verifyShard(store, run, entry, proof);
  }
  if (planned !== accepted)
    proof.violate(`the plan holds ${planned} tracks, and ${accepted} rows were accepted`);
  if (unfinishedShards > 0) proof.violate(`${unfinishedShards} shards are not finished`);
  return {
    runId: record.run,
    proven: proof.violationCount === 0,
    tracks: { total: rows, accepted, rejected },
    algorithms: proof.counts(),
    unfinishedShards,
    violations: proof.violations,
    violationCount: proof.violationCount,
  };
}

async function verifyShard(
  store: ObjectStore,
  run: OpenRun,
  entry: SubmissionEntry,
  proof: Proof,
): Promise<void> {
  const { record } = run;
  const { algorithms } = record.settings;
  /** Outcomes that this shard owes: each is taken off once. */
  const owed = new Set<string>();
  for (const { track, algorithms: wanted } of await readShardTracks(store, run, entry)) {
    for (const { name } of algorithms) {
      if (wanted !== undefined && !wanted.includes(name)) continue;
      const key = outcomeKey(track.trackId, name);
      owed.add(key);
      if (entry.generation > 0 && !proof.failures.has(key)) {
        proof.violate(`shard ${entry.shard} retries ${name} of '${track.trackId}', which had not failed`);
      }
    }
  }
  const pay = (trackId: string, algorithm: string, failed: boolean): void => {
    const key = outcomeKey(trackId, algorithm);
    if (owed.delete(key)) proof.settle(key, algorithm, failed);
    else proof.violate(`shard ${entry.shard} has ${algorithm} of '${trackId}' twice, or unasked`);
  };
  for (const algorithm of algorithms) {
    for await (const { trackId } of readResultsOfShard(store, record.run, algorithm, entry.shard, [])) {
      pay(trackId, algorithm.name, false);
    }
  }
  for await (const failure of readShardFailures(store, record.run, entry.shard)) {
    pay(failure.trackId, failure.algorithm, true);
  }
  for (const key of owed) {
    const [algorithm, trackId] = key.split('\n');
    proof.violate(`shard ${entry.shard} lacks ${algorithm} of '${trackId}'`);
  }
}

/** Adds up outcomes; a failure that a later generation settles is taken back. */
class Proof {
  readonly violations: string[] = [];
  violationCount = 0;
  /** Outcomes whose last word is a failure. */
  readonly failures = new Set<string>();
  readonly #algorithms: readonly string[];
  readonly #succeeded = new Map<string, number>();

  constructor(algorithms: readonly string[]) {
    this.#algorithms = algorithms;
  }

  settle(key: string, algorithm: string, failed: boolean): void {
    if (failed) {
      this.failures.add(key);
      return;
    }
    this.failures.delete(key);
    this.#succeeded.set(algorithm, (this.#succeeded.get(algorithm) ?? 0) + 1);
  }

  violate(message: string): void {
    this.violationCount += 1;
    if (this.violations.length < MAX_VIOLATIONS) this.violations.push(message);
  }

  counts(): Record<string, { succeeded: number; failed: number }> {
    const failed = new Map<string, number>();
    for (const key of this.failures) {
      const algorithm = key.slice(0, key.indexOf('\n'));
      failed.set(algorithm, (failed.get(algorithm) ?? 0) + 1);
    }
    return Object.fromEntries(
      this.#algorithms.map((name) => [
        name,
        { succeeded: this.#succeeded.get(name) ?? 0, failed: failed.get(name) ?? 0 },
      ]),
    );
  }
}
