/** From a pipe's bytes to the samples that sinks take. */
import type { Readable } from 'node:stream';
import type { SampleFormat } from '../algorithms/algorithm.ts';

/** Receives decoded samples. */
export interface SampleSink {
  readonly format: SampleFormat;
  /** Only the first so many seconds are wanted. */
  readonly maxSeconds?: number;
  /**
   * Takes whole interleaved frames, some tens of kilobytes. The array is overwritten once the call has
   * returned and its promise has settled. What is awaited here slows the decoder down.
   */
  write(samples: Float32Array | Int16Array): void | Promise<void>;
}

/** Bytes handed to a sink at a time, about. */
const BLOCK_BYTES = 64 * 1024;

/**
 * Reads `pipe` to its end and hands the samples to every sink, one after another. Memory: one block.
 * A sink with `maxSeconds` gets that many and no more. Returns the number of frames that came.
 */
export async function distributeSamples(
  pipe: Readable,
  sinks: readonly SampleSink[],
  layout: {
    readonly encoding: SampleFormat['encoding'];
    readonly sampleRate: number;
    readonly channels: number;
  },
): Promise<number> {
  const bytesPerFrame = layout.channels * (layout.encoding === 'f32' ? 4 : 2);
  const framesPerBlock = Math.max(1, Math.floor(BLOCK_BYTES / bytesPerFrame));
  // Buffer's own pool gives unaligned memory.
  const memory = new ArrayBuffer(framesPerBlock * bytesPerFrame);
  const block = new Uint8Array(memory);
  const samples = layout.encoding === 'f32' ? new Float32Array(memory) : new Int16Array(memory);

  let frames = 0;
  let filled = 0;
  const hand = async (): Promise<void> => {
    const whole = Math.floor(filled / bytesPerFrame);
    for (const sink of sinks) {
      const wanted =
        sink.maxSeconds === undefined ? whole : Math.round(sink.maxSeconds * layout.sampleRate) - frames;
      if (wanted > 0) await sink.write(samples.subarray(0, Math.min(whole, wanted) * layout.channels));
    }
    frames += whole;
    filled = 0;
  };
  for await (const chunk of pipe as AsyncIterable<Buffer>) {
    let taken = 0;
    while (taken < chunk.length) {
      const part = chunk.subarray(taken, taken + block.length - filled);
      block.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled === block.length) await hand();
    }
  }
  if (filled >= bytesPerFrame) await hand();
  return frames;
}
