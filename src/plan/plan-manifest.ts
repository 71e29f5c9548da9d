/**
 * From a manifest to a plan: weighs its tracks, cuts them into shards and packs them, and writes down what
 * was refused. One pass; memory grows by the set of ids alone.
 */
import { join } from 'node:path';
import { usageError } from '../errors.ts';
import type { AcceptedRow, ManifestReader, RejectedRow } from '../manifest/read-manifest.ts';
import { PackedPlanWriter, type PlanSize } from './packed-plan.ts';
import { isPastLimit, PLAN_REJECTED_FILE, type RejectionLimit, RejectionWriter } from './rejections.ts';
import { decisiveTotalSeconds, MAX_SHARD_BYTES, MAX_SHARD_ROWS, shardTarget } from './shards.ts';
import { DEFAULT_DURATION_SECONDS, trackWeight, type WeighedAlgorithm } from './weights.ts';

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

/** What a plan holds. */
export interface PlanTotals {
  /** Rows of the manifest: accepted and rejected. */
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** The first few of the rejected. */
  readonly firstRejected: readonly RejectedRow[];
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
    for await (const batch of options.manifest.rows()) {
      options.signal?.throwIfAborted();
      for (const row of batch) {
        const pending = row.kind === 'accepted' ? pass.accept(row) : rejections.add(row);
        if (pending !== undefined) await pending;
      }
      // A share of all rows is known in the end; a plain count may be past before.
      if ('count' in options.maxRejected) pass.checkRejections();
    }
    pass.checkRejections();
    pass.checkAccepted();
    return await pass.finish();
  } catch (error) {
    await pass.abandon();
    throw error;
  } finally {
    await rejections.close();
  }
}

interface WeighedRow {
  readonly row: AcceptedRow;
  readonly weightSeconds: number;
}

class PlanningPass {
  readonly #options: PlanOptions;
  readonly #rejections: RejectionWriter;
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
    this.#decisiveSeconds = decisiveTotalSeconds(options);
  }

  /** Takes the next track; what it returns is to be awaited before the next. */
  accept(row: AcceptedRow): Promise<void> | undefined {
    const { audioUri, durationSeconds, lyricsUri } = row.track;
    const weightSeconds = trackWeight({ durationSeconds, algorithms: this.#options.algorithms });
    this.#accepted += 1;
    this.#weightSeconds += weightSeconds;
    this.#audioSeconds += durationSeconds ?? DEFAULT_DURATION_SECONDS;
    if (durationSeconds === undefined) this.#unknownDurations += 1;
    if (lyricsUri !== undefined) this.#withLyrics += 1;
    if (!isRemote(audioUri) || (lyricsUri !== undefined && !isRemote(lyricsUri))) this.#withLocalFiles += 1;
    if (this.#waiting === undefined) return this.#write({ row, weightSeconds });
    this.#waiting.push({ row, weightSeconds });
    if (this.#weightSeconds >= this.#decisiveSeconds || this.#waiting.length >= MAX_WAITING) {
      return this.#chooseShards();
    }
    return undefined;
  }

  /** @throws BackfillError where more rows are rejected than allowed */
  checkRejections(): void {
    const { maxRejected, manifest } = this.#options;
    const { count, first } = this.#rejections;
    const rows = this.#accepted + count;
    if (!isPastLimit(maxRejected, count, rows)) return;
    const allowed =
      'count' in maxRejected
        ? `${maxRejected.count}`
        : `${Number((maxRejected.fraction * 100).toPrecision(6))} %`;
    const lines = first.map(({ line, reason }) => `  line ${line}: ${reason}`);
    const more = count > first.length ? [`  and ${count - first.length} more`] : [];
    throw usageError(
      'too-many-rejected',
      [
        `${count} of ${rows} rows of ${manifest.name} are rejected, and ${allowed} may be:`,
        ...lines,
        ...more,
      ].join('\n'),
      { hint: 'mend the rows, or allow more with --max-rejected' },
    );
  }

  /** @throws BackfillError where there is nothing to do */
  checkAccepted(): void {
    if (this.#accepted > 0) return;
    const { name } = this.#options.manifest;
    const found =
      this.#rejections.count === 0 ? 'it has a header and no rows below it' : 'all of its rows are rejected';
    throw usageError('no-tracks', `${name} holds no tracks: ${found}`);
  }

  async finish(): Promise<PlanTotals> {
    const { manifest } = this.#options;
    await this.#chooseShards();
    const size = (await this.#writer?.finish()) as PlanSize;
    return {
      rows: this.#accepted + this.#rejections.count,
      accepted: this.#accepted,
      rejected: this.#rejections.count,
      firstRejected: this.#rejections.first,
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
    for (const weighed of waiting) await this.#write(weighed);
  }

  #write({ row, weightSeconds }: WeighedRow): Promise<void> | undefined {
    return this.#writer?.add({ track: row.track }, weightSeconds);
  }
}

/** Whether any machine with access can read it. (Schemes are matched as resolve-uri.ts does.) */
function isRemote(uri: string): boolean {
  return uri.length > 5 && uri.slice(0, 5).toLowerCase() === 's3://';
}
