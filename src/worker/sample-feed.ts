import type {
  DecodedAudio,
  SampleAlgorithm,
  SampleAnalysis,
  SourceInfo,
  TrackContext,
} from '../algorithms/algorithm.ts';
import type { SampleSink } from '../audio/media-pass.ts';
import { BackfillError, messageOf } from '../errors.ts';
import { TrackFailure } from '../failures.ts';
import type { Row } from '../results/columns.ts';

/** -70 dBFS, the absolute gate of EBU R128: what stays below it is silence. */
const SILENCE = 10 ** (-70 / 20);

/**
 * One algorithm at one track's samples. What breaks in the algorithm stays in it: the others hear on.
 * Whether a track is too short or silent is judged on the samples that this algorithm was given, so that
 * the verdict does not depend on what else runs.
 */
export class SampleFeed implements SampleSink {
  readonly format: SampleAlgorithm['input']['format'];
  readonly maxSeconds?: number;
  readonly #algorithm: SampleAlgorithm;
  readonly #samplesPerSecond: number;
  readonly #silence: number;
  readonly #declaredSeconds: number | undefined;
  #analysis: SampleAnalysis | undefined;
  #failure: unknown;
  #samples = 0;
  #heard = false;

  private constructor(algorithm: SampleAlgorithm, source: SourceInfo) {
    const { format, maxSeconds } = algorithm.input;
    this.#algorithm = algorithm;
    this.format = format;
    if (maxSeconds !== undefined) this.maxSeconds = maxSeconds;
    this.#declaredSeconds = source.durationSeconds;
    const sampleRate = format.sampleRate === 'source' ? source.sampleRate : format.sampleRate;
    const channels = format.channels === 'source' ? source.channels : format.channels;
    this.#samplesPerSecond = sampleRate * channels;
    this.#silence = format.encoding === 's16' ? SILENCE * 32768 : SILENCE;
  }

  /** Starts the algorithm on a track. */
  static async open(algorithm: SampleAlgorithm, track: TrackContext): Promise<SampleFeed> {
    const feed = new SampleFeed(algorithm, track.source);
    await feed.#guard(async () => {
      feed.#analysis = await algorithm.open(track);
    });
    return feed;
  }

  async write(samples: Float32Array | Int16Array): Promise<void> {
    this.#samples += samples.length;
    this.#heard ||=
      !this.#algorithm.input.needsSound ||
      samples.some((sample) => sample > this.#silence || sample < -this.#silence);
    await this.#guard(() => this.#analysis?.write(samples));
  }

  /**
   * The algorithm's row.
   *
   * @param decoded what the pass says of the whole track. An algorithm that wants only the beginning is told the
   * declared duration instead, where there is one: how much was decoded beyond depends on the others.
   * @throws TrackFailure
   */
  async finish(decoded: DecodedAudio): Promise<Row> {
    const { minSeconds, needsSound } = this.#algorithm.input;
    const seconds = this.#samples / this.#samplesPerSecond;
    if (this.#failure !== undefined) throw this.#failure;
    if (seconds < minSeconds) {
      const message = `${seconds.toFixed(2)} s of audio, where ${this.#algorithm.name} needs ${minSeconds} s`;
      throw new TrackFailure('too-short', message);
    }
    if (needsSound && !this.#heard) {
      throw new TrackFailure('silent', `nothing above -70 dBFS in ${seconds.toFixed(1)} s of audio`);
    }
    const declared = this.maxSeconds === undefined ? undefined : this.#declaredSeconds;
    const audio = declared === undefined ? decoded : { durationSeconds: declared };
    let row: Row | undefined;
    await this.#guard(async () => {
      row = await this.#analysis?.finish(audio);
    });
    if (row === undefined) throw this.#failure;
    return row;
  }

  async close(): Promise<void> {
    const analysis = this.#analysis;
    this.#analysis = undefined;
    await analysis?.close?.();
  }

  /** Keeps a failure of the algorithm for `finish`. A missing program or the like concerns all tracks, and goes up. */
  async #guard(step: () => void | Promise<void>): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await step();
    } catch (error) {
      if (error instanceof BackfillError) throw error;
      this.#failure = error;
    }
  }
}

/**
 * Runs one step of an algorithm for what is to be recorded of it: the row (if one came), or the failure. Whatever it throws
 * is the track's failure, except for an abort and for what concerns all tracks alike.
 *
 * @throws the signal's reason when aborted; BackfillError
 */
export async function recordable<Result extends Row | undefined>(
  algorithm: string,
  step: () => Result | Promise<Result>,
  signal: AbortSignal,
): Promise<Result | TrackFailure> {
  try {
    return await step();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BackfillError) throw error;
    if (error instanceof TrackFailure) return error;
    return new TrackFailure('algorithm-error', `${algorithm} broke: ${messageOf(error)}`, { cause: error });
  }
}
