import type { Algorithm } from '../algorithms/algorithm.ts';
import type { Track } from '../manifest/track.ts';
import type { PlannedTrack } from '../plan/plan-rows.ts';
import { type CrashReport, addCounts, commit, failedOutcomes, quarantine } from '../run/checkpoint.ts';
import { partKey } from '../run/keys.ts';
import type { CrashCause, OutcomeCounts, Strike } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { ShardProgress } from './messages.ts';
import { type Outcome, type TrackOutcomes, countOutcomes } from './outcome.ts';
import { type ColumnsByAlgorithm, encodeLine, packPart } from './part.ts';
import { LastWord } from './last-word.ts';
import { AttemptReplaced, type ShardCheckpoint } from './shard-checkpoint.ts';
import { trackTimeout } from './audio-work.ts';
import type { FetchedSources } from './fetched-sources.ts';
import { SourcesAhead } from './sources-ahead.ts';
import type { TrackPipeline } from './track-pipeline.ts';

/**
 * A part is committed at this size even when its time has not come: it bounds the memory of the loop, and of whoever
 * publishes. Eleven minutes of all analyses, at 95 kB of lines a track.
 */
const MAX_PART_BYTES = 24 * 1024 * 1024;

/** Progress is for people to watch: of quick tracks not each is told, since a message costs as much as their work. */
const PROGRESS_SECONDS = 0.1;

/** What the supervisor waits beyond a track's own time limit before it takes the attempt for hung. */
const DEADLINE_MARGIN_SECONDS = 60;

export interface ShardLoopOptions {
  readonly store: ObjectStore;
  readonly tracks: readonly PlannedTrack[];
  readonly algorithms: readonly Algorithm[];
  readonly columns: ColumnsByAlgorithm;
  readonly pipeline: TrackPipeline;
  readonly checkpoint: ShardCheckpoint;
  /** Whether rows are noted before they are started, because the last attempt died without a word. */
  readonly careful: boolean;
  /** How the attempt before ended, where its supervisor saw it: what a row that is given up now is told. */
  readonly crash: CrashReport | undefined;
  readonly checkpointSeconds: number;
  /** Aborted: start no other row, after so many; a row whose sources are still being fetched is not started. */
  readonly leave: (rowsWorked: number) => AbortSignal;
  /** Aborted: give up the track in flight as well. */
  readonly stop: AbortSignal;
  /** Seconds, monotonic. */
  readonly clock: () => number;
  /** ISO 8601. */
  readonly now: () => string;
  /** Before a row is started, with the seconds that it may take; undefined: no row is in flight. */
  readonly onRow: (started: { readonly row: number; readonly deadlineSeconds: number } | undefined) => void;
  readonly onProgress: (progress: ShardProgress) => void;
}

/**
 * Works the rows of a shard in their order, from where its checkpoint stands, and commits every so often.
 * Memory holds the outcomes since the last commit and nothing else that grows.
 *
 * @returns whether all rows are committed; if not, it was drained, and all finished work is committed
 * @throws AttemptReplaced when another attempt has taken the shard; BackfillError where the machine or the store
 * stands in the way: what is finished is committed then, as far as that is possible, and no row is to blame
 */
export async function workShard(options: ShardLoopOptions): Promise<boolean> {
  const { checkpoint, tracks, leave, stop, clock } = options;
  const loop = new ShardLoop(options);
  const began = clock();
  const first = checkpoint.current.next;
  const ahead = new SourcesAhead({
    rows: tracks.length,
    fetch: (row, signal) => loop.fetch(row, signal),
    downloads: (row) => loop.downloads(row),
  });
  let row = first;
  try {
    for (; row < tracks.length && !leave(row - first).aborted; row++) {
      const careful = options.careful && clock() - began < 2 * options.checkpointSeconds;
      const sources = await ahead.take(row, leave(row - first));
      if (sources === undefined) break;
      try {
        await loop.work(row, sources, careful);
      } catch (error) {
        if (stop.aborted) break;
        throw error;
      } finally {
        await sources.release();
      }
      if (loop.commitIsDue()) await loop.commit(row + 1, false);
    }
    await ahead.close();
    const complete = row === tracks.length;
    if (checkpoint.current.state === 'running') await loop.commit(row, !complete);
    await loop.endCare();
    return complete;
  } catch (error) {
    await ahead.close();
    await loop.leave(row, error instanceof AttemptReplaced);
    throw error;
  }
}

class ShardLoop {
  readonly #options: ShardLoopOptions;
  #lines: string[] = [];
  #counts: Record<string, OutcomeCounts> = {};
  #bytes = 0;
  #failed: number;
  #committedAt: number;
  #toldAt = Number.NEGATIVE_INFINITY;
  readonly #lastWord: LastWord;
  #commitFailed = false;

  constructor(options: ShardLoopOptions) {
    this.#options = options;
    this.#committedAt = options.clock();
    this.#failed = failedOutcomes(options.checkpoint.current.counts);
    this.#lastWord = new LastWord(options.store, options.checkpoint);
  }

  /** Fetches what a row is worked from: nothing, where it is not going to be worked. */
  fetch(row: number, signal: AbortSignal): Promise<FetchedSources> {
    const { track, wanted } = this.#toFetch(row);
    return this.#options.pipeline.fetch(track, wanted, signal);
  }

  /** Whether fetching a row puts a file on the scratch disk. */
  downloads(row: number): boolean {
    const { track, wanted } = this.#toFetch(row);
    return this.#options.pipeline.downloads(track, wanted);
  }

  /** Works one row and keeps its outcomes for the next commit. */
  async work(row: number, sources: FetchedSources, careful: boolean): Promise<void> {
    const { checkpoint, pipeline, stop, onRow, crash } = this.#options;
    const { track, algorithms } = this.#planned(row);
    const strike = quarantine(checkpoint.current, row);
    if (strike !== undefined) {
      this.#keep({ row, trackId: track.trackId, outcomes: algorithms.map(quarantined(strike, crash)) });
      return;
    }
    // Should this row end the process, then nothing before it is lost, and careful mode knows its name.
    const suspect = checkpoint.current.strikes.some((struck) => struck.row === row);
    if (careful) {
      await this.#lastWord.reserve();
      await this.commit(row, false, row);
    } else if (checkpoint.current.noted !== undefined || (suspect && this.#lines.length > 0)) {
      await this.commit(row, false);
      await this.endCare();
    }
    const within = (seconds: number): void =>
      onRow({ row, deadlineSeconds: seconds + DEADLINE_MARGIN_SECONDS });
    // By the manifest's duration, until the file has told its own.
    within(trackTimeout(track, algorithms));
    try {
      const outcomes = await pipeline.work(track, algorithms, sources, stop, within);
      this.#keep({ row, trackId: track.trackId, outcomes });
    } finally {
      onRow(undefined);
    }
  }

  commitIsDue(): boolean {
    const { clock, checkpointSeconds } = this.#options;
    return this.#bytes >= MAX_PART_BYTES || clock() - this.#committedAt >= checkpointSeconds;
  }

  /** No row is noted any more. */
  async endCare(): Promise<void> {
    await this.#lastWord.release();
  }

  /**
   * Leaves because the machine or the store stands in the way: commits what is finished before `row`, unless it was
   * the commit that failed. Where another attempt has the shard, there is only to clear away. Never rejects.
   */
  async leave(row: number, isReplaced: boolean): Promise<void> {
    const { checkpoint, now } = this.#options;
    if (isReplaced) return this.#lastWord.release().catch(() => {});
    if (checkpoint.current.state !== 'running') return;
    try {
      if (this.#commitFailed) await this.#lastWord.say(now());
      else await this.commit(row, true);
    } catch {
      await this.#lastWord.say(now());
    }
  }

  /** Parts first, then the checkpoint: a part that no checkpoint names does not exist. */
  async commit(next: number, drained: boolean, noted?: number): Promise<void> {
    this.#commitFailed = true;
    await this.#commit(next, drained, noted);
    this.#commitFailed = false;
  }

  async #commit(next: number, drained: boolean, noted: number | undefined): Promise<void> {
    const { store, checkpoint, clock, now } = this.#options;
    const { run, shard, attempt, next: from } = checkpoint.current;
    let part: string | undefined;
    if (this.#lines.length > 0) {
      part = `${from}-${next}-${attempt}.jsonl.zst`;
      await store.put(partKey(run, shard, part), await packPart(this.#lines));
    }
    const at = clock();
    await checkpoint.write(
      commit(checkpoint.current, {
        next,
        part,
        counts: this.#counts,
        workSeconds: at - this.#committedAt,
        drained,
        noted,
        now: now(),
      }),
    );
    this.#tellProgress(next);
    this.#committedAt = at;
    this.#lines = [];
    this.#counts = {};
    this.#bytes = 0;
  }

  #toFetch(row: number): { readonly track: Track; readonly wanted: readonly Algorithm[] } {
    const { track, algorithms } = this.#planned(row);
    const isGivenUp = quarantine(this.#options.checkpoint.current, row) !== undefined;
    return { track, wanted: isGivenUp ? [] : algorithms };
  }

  #planned(row: number): { readonly track: Track; readonly algorithms: readonly Algorithm[] } {
    const { track, algorithms: wanted } = this.#options.tracks[row] as PlannedTrack;
    const algorithms = this.#options.algorithms.filter(({ name }) => wanted?.includes(name) ?? true);
    return { track, algorithms };
  }

  #keep(outcomes: TrackOutcomes): void {
    const { columns, clock } = this.#options;
    const line = encodeLine(columns, outcomes);
    this.#counts = addCounts(this.#counts, countOutcomes([outcomes]));
    this.#lines.push(line);
    this.#bytes += line.length;
    this.#failed += outcomes.outcomes.filter(({ kind }) => kind === 'failed').length;
    if (clock() - this.#toldAt >= PROGRESS_SECONDS) this.#tellProgress(outcomes.row + 1);
  }

  #tellProgress(done: number): void {
    const { checkpoint, onProgress, tracks, clock } = this.#options;
    this.#toldAt = clock();
    onProgress({ shard: checkpoint.current.shard, rows: tracks.length, done, failed: this.#failed });
  }
}

/**
 * The outcomes of a row that is given up. How the worker ended is known of the last time alone, and to the attempt
 * that came right after it.
 */
function quarantined(
  { row, cause }: Strike,
  crash: CrashReport | undefined,
): (algorithm: Algorithm) => Outcome {
  const messages: Record<CrashCause, string> = {
    crashed:
      crash?.row === row
        ? `the worker ${crash.how} while it worked on this track, the second time that it did not survive it`
        : 'the worker died twice while it worked on this track',
    'out-of-memory': 'the worker ran out of memory twice while it worked on this track: try a larger machine',
    timeout: 'the worker hung on this track and was ended',
  };
  return ({ name }) => ({
    algorithm: name,
    kind: 'failed',
    code: cause,
    message: messages[cause],
    sourceEtag: null,
  });
}
