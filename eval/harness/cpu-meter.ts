import type { SampleAlgorithm } from '../../src/algorithms/algorithm.ts';

/** Seconds of the track that costs are quoted for. */
export const TRACK_SECONDS = 240;

/** What an algorithm costs beside decoding: the CPU time of this process while it holds samples. */
export class CpuMeter {
  #microseconds = 0;
  #audioSeconds = 0;

  /**
   * The same algorithm, its work on one track measured. It has to be one that works on this process's own threads;
   * one that makes rows of files (`fromFile`) is given samples, as beside others.
   */
  attachTo(algorithm: SampleAlgorithm): SampleAlgorithm {
    return {
      ...algorithm,
      fromFile: async () => undefined,
      open: async (track) => {
        const analysis = await this.#during(() => algorithm.open(track));
        return {
          write: (samples) => this.#during(() => analysis.write(samples)),
          finish: (audio) => {
            this.#audioSeconds += audio.durationSeconds;
            return this.#during(() => analysis.finish(audio));
          },
          close: () => analysis.close?.(),
        };
      },
    };
  }

  /** CPU seconds for {@link TRACK_SECONDS} of audio; undefined where none was heard. */
  get secondsATrack(): number | undefined {
    if (this.#audioSeconds === 0) return undefined;
    return ((this.#microseconds / 1e6) * TRACK_SECONDS) / this.#audioSeconds;
  }

  async #during<T>(step: () => T | Promise<T>): Promise<T> {
    const before = process.cpuUsage();
    try {
      return await step();
    } finally {
      const { user, system } = process.cpuUsage(before);
      this.#microseconds += user + system;
    }
  }
}
