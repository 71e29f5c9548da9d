import { chorus } from '../../../src/algorithms/chorus/chorus.ts';
import type { Row } from '../../../src/results/columns.ts';

export interface ChorusRow extends Row {
  readonly start_s: number;
  readonly end_s: number;
  readonly confidence: number;
  readonly by_lyrics: boolean;
  readonly sections: readonly { label: string; start_s: number; end_s: number }[];
}

/**
 * The row of interleaved stereo samples at 16 kHz, handed over in chunks of these many frames in turn, and
 * all of it so many times over.
 */
export async function analyse(
  samples: Float32Array,
  chunkFrames: readonly number[] = [8192],
  times = 1,
  lyrics?: string,
): Promise<ChorusRow> {
  const durationSeconds = (times * samples.length) / 32_000;
  const analysis = await chorus.open({
    trackId: 'test',
    language: undefined,
    lyrics: lyrics === undefined ? undefined : new TextEncoder().encode(lyrics),
    source: {
      container: 'wav',
      codec: 'pcm_s16le',
      sampleRate: 16_000,
      channels: 2,
      bitrate: undefined,
      bitsPerSample: 16,
      durationSeconds,
    },
    signal: new AbortController().signal,
  });
  for (let time = 0; time < times; time++) {
    for (let at = 0, i = 0; at < samples.length; i++) {
      const frames = chunkFrames[i % chunkFrames.length] as number;
      // A copy: the decoder uses its buffer again.
      const chunk = samples.slice(at, at + 2 * frames);
      await analysis.write(chunk);
      chunk.fill(Number.NaN);
      at += 2 * frames;
    }
  }
  return (await analysis.finish({ durationSeconds })) as ChorusRow;
}
