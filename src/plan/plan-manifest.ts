/**
 * From a manifest to a plan: weighs its tracks, cuts them into shards and packs them, and writes down what
 * was refused. One pass; memory grows by the set of ids alone.
 */
import { join } from 'node:path';
import { usageError } from '../errors.ts';
import { PLAIN } from '../manifest/plain-rows.ts';
import { hasS3Scheme } from '../manifest/resolve-uri.ts';
import type { ManifestBatch, ManifestReader, ManifestRow } from '../manifest/read-manifest.ts';
import { PackedPlanWriter, type PlanSize } from './packed-plan.ts';
import { encodePlannedTrack } from './plan-rows.ts';
import {
  isPastLimit,
  ManifestRejected,
  PLAN_REJECTED_FILE,
  type RejectionLimit,
  type RejectionReport,
  RejectionWriter,
} from './rejections.ts';
import { decisiveTotalSeconds, MAX_SHARD_BYTES, MAX_SHARD_ROWS, shardTarget } from './shards.ts';
import { DEFAULT_DURATION_SECONDS, trackWeigher, type WeighedAlgorithm } from './weights.ts';

export interface PlanOptions {
  readonly manifest: ManifestReader;
  /** The run's algorithms. */
  readonly algorithms: readonly WeighedAlgorithm[];
  /** CPU seconds a shard, where the user has said. */
  readonly shardSeconds?: number | undefined;
  /** Workers at a time on this machine; undefined where any number can be had. */
  readonly parallelism?: number | undefined;
  readonly maxRejected: RejectionLimit;
  /** An existing folder that takes the three files of the plan. */
  readonly scratchDirectory: string;
  readonly signal?: AbortSignal | undefined;
}

/** What a plan holds. Rows are all those of the manifest: accepted and rejected. */
export interface PlanTotals extends RejectionReport {
  readonly shards: number;
  /** CPU seconds that shards were aimed at. */
  readonly shardSeconds: number;
  /** CPU seconds of all tracks. */
  readonly weightSeconds: number;
  /** Seconds of audio, unknown durations taken for {@link DEFAULT_DURATION_SECONDS}. */
  readonly audioSeconds: number;
  /** Tracks without a duration in the manifest. */
  readonly unknownDurations: number;
  /** Tracks that name lyrics. */
  readonly withLyrics: number;
  /** Tracks that name a file of this machine: their audio, or their lyrics. */
  readonly withLocalFiles: number;
  /** SHA-256 of the manifest, in hex. */
  readonly digest: string;
  readonly header: readonly string[];
}

/** Tracks held back at most until the size of shards is chosen. */
const MAX_WAITING = 50_000;

/**
 * Plans a whole manifest.
 *
 * @throws BackfillError with fault `usage`: `too-many-rejected` (rejected.csv is written nevertheless),
 *   `no-tracks` where none was accepted
 */
export async function planManifest(options: PlanOptions): Promise<PlanTotals> {
  const rejections = await RejectionWriter.create(join(options.scratchDirectory, PLAN_REJECTED_FILE));
  const pass = new PlanningPass(options, rejections);
  try {
    for await (const batch of options.manifest.batches()) {
      options.signal?.throwIfAborted();
      await pass.take(batch);
      // A share of all rows is known in the end; a plain count may be past before.
      if ('count' in options.maxRejected) pass.checkRejections({ isAll: false });
    }
    pass.checkRejections({ isAll: true });
    pass.checkAccepted();
    return await pass.finish();
  } catch (error) {
    await pass.abandon();
    throw error;
  } finally {
    await rejections.close();
  }
}

/** A row that waits to be packed. */
interface WeighedRow {
  readonly bytes: Uint8Array;
  readonly weightSeconds: number;
}

class PlanningPass {
  readonly #options: PlanOptions;
  readonly #rejections: RejectionWriter;
  readonly #weigh: (durationSeconds: number | undefined) => number;
  readonly #decisiveSeconds: number;
  /** Tracks that wait for the size of shards to be chosen; undefined once it is. */
  #waiting: WeighedRow[] | undefined = [];
  #writer: PackedPlanWriter | undefined;
  #shardSeconds = 0;
  #accepted = 0;
  #weightSeconds = 0;
  #audioSeconds = 0;
  #unknownDurations = 0;
  #withLyrics = 0;
  #withLocalFiles = 0;

  constructor(options: PlanOptions, rejections: RejectionWriter) {
    this.#options = options;
    this.#rejections = rejections;
    this.#weigh = trackWeigher(options.algorithms);
    this.#decisiveSeconds = decisiveTotalSeconds(options);
  }

  /** Takes the next rows. */
  async take(batch: ManifestBatch): Promise<void> {
    if (batch.kind === 'records') {
      for (const row of batch.rows) await this.#judged(row);
      return;
    }
    const { bytes, count, ends, verdicts, durations, withLyrics, withLocalFiles } = batch.rows;
    let start = 0;
    for (let index = 0; index < count; index += 1) {
      const end = ends[index] as number;
      if (verdicts[index] === PLAIN) {
        const duration = durations[index] as number;
        this.#withLyrics += withLyrics[index] as number;
        this.#withLocalFiles += withLocalFiles[index] as number;
        const pending = this.#accept(Number.isNaN(duration) ? undefined : duration, bytes, start, end);
        if (pending !== undefined) await pending;
      } else {
        const row = batch.judged.get(index);
        if (row !== undefined) await this.#judged(row);
      }
      start = end;
    }
    this.#writer?.copyRows();
  }

  async #judged(row: ManifestRow): Promise<void> {
    if (row.kind === 'rejected') return this.#rejections.add(row);
    const { audioUri, durationSeconds, lyricsUri } = row.track;
    if (lyricsUri !== undefined) this.#withLyrics += 1;
    if (!hasS3Scheme(audioUri) || (lyricsUri !== undefined && !hasS3Scheme(lyricsUri)))
      this.#withLocalFiles += 1;
    const bytes = Buffer.from(encodePlannedTrack({ track: row.track }, this.#options.manifest.header));
    await this.#accept(durationSeconds, bytes, 0, bytes.length);
  }

  /** Takes an accepted row; what it returns is to be awaited before the next. */
  #accept(
    durationSeconds: number | undefined,
    source: Uint8Array,
    start: number,
    end: number,
  ): Promise<void> | undefined {
    const weightSeconds = this.#weigh(durationSeconds);
    this.#accepted += 1;
    this.#weightSeconds += weightSeconds;
    this.#audioSeconds += durationSeconds ?? DEFAULT_DURATION_SECONDS;
    if (durationSeconds === undefined) this.#unknownDurations += 1;
    if (this.#waiting === undefined) return this.#writer?.addRow(source, start, end, weightSeconds);
    this.#waiting.push({ bytes: new Uint8Array(source.subarray(start, end)), weightSeconds });
    if (this.#weightSeconds >= this.#decisiveSeconds || this.#waiting.length >= MAX_WAITING) {
      return this.#chooseShards();
    }
    return undefined;
  }

  /** @throws ManifestRejected where more rows are rejected than allowed, of all rows or of those so far */
  checkRejections({ isAll }: { readonly isAll: boolean }): void {
    const { maxRejected, manifest } = this.#options;
    const { count: rejected } = this.#rejections;
    const rows = this.#accepted + rejected;
    if (!isPastLimit(maxRejected, rejected, rows)) return;
    const allowed =
      'count' in maxRejected
        ? `${maxRejected.count}`
        : `${Number((maxRejected.fraction * 100).toPrecision(6))} %`;
    throw new ManifestRejected(
      'too-many-rejected',
      `${rejected} of ${isAll ? '' : 'the first '}${rows} rows of ${manifest.name} are rejected, and ${allowed} may be:`,
      this.#report(),
      'mend the rows, or allow more with --max-rejected',
    );
  }

  /** @throws BackfillError where there is nothing to do */
  checkAccepted(): void {
    if (this.#accepted > 0) return;
    const { name } = this.#options.manifest;
    if (this.#rejections.count === 0) {
      throw usageError('no-tracks', `${name} holds no tracks: it has a header and no rows below it`);
    }
    const what = `${name} holds no tracks: all of its rows are rejected:`;
    throw new ManifestRejected('no-tracks', what, this.#report(), 'mend the rows');
  }

  #report(): RejectionReport {
    const { count: rejected, kinds: rejections, first: firstRejected } = this.#rejections;
    return { rows: this.#accepted + rejected, accepted: this.#accepted, rejected, rejections, firstRejected };
  }

  async finish(): Promise<PlanTotals> {
    const { manifest } = this.#options;
    await this.#chooseShards();
    const size = (await this.#writer?.finish()) as PlanSize;
    return {
      ...this.#report(),
      shards: size.shards,
      shardSeconds: this.#shardSeconds,
      weightSeconds: this.#weightSeconds,
      audioSeconds: this.#audioSeconds,
      unknownDurations: this.#unknownDurations,
      withLyrics: this.#withLyrics,
      withLocalFiles: this.#withLocalFiles,
      digest: manifest.digest(),
      header: manifest.header,
    };
  }

  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }

  /** Fixes the size of shards by what is known of the whole, and writes the tracks that waited for it. */
  async #chooseShards(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    const { scratchDirectory, manifest, parallelism, shardSeconds } = this.#options;
    this.#shardSeconds = shardTarget({ totalSeconds: this.#weightSeconds, parallelism, shardSeconds });
    this.#writer = await PackedPlanWriter.create(scratchDirectory, manifest.header, {
      targetSeconds: this.#shardSeconds,
      maxRows: MAX_SHARD_ROWS,
      maxBytes: MAX_SHARD_BYTES,
    });
    for (const { bytes, weightSeconds } of waiting) {
      await this.#writer.addRow(bytes, 0, bytes.length, weightSeconds);
    }
  }
}
