import { pitch } from '../../../src/algorithms/pitch/pitch.ts';
import type { Row } from '../../../src/results/columns.ts';
import { SAMPLE_RATE } from './synthetic-song.ts';

export interface PresentedNote {
  readonly start_s: number;
  readonly end_s: number;
  readonly midi: number;
  /** Percent. */
  readonly confidence: number;
}

/** The row of interleaved stereo samples, handed over in chunks of so many frames, in turn. */
export async function rowOf(
  samples: Float32Array,
  chunkFrames: readonly number[] = [SAMPLE_RATE],
): Promise<Row> {
  const analysis = await pitch.open({
    trackId: 'test',
    language: undefined,
    source: {
      container: 'wav',
      codec: 'pcm_s16le',
      sampleRate: SAMPLE_RATE,
      channels: 2,
      bitrate: undefined,
      bitsPerSample: 16,
      durationSeconds: samples.length / 2 / SAMPLE_RATE,
    },
    signal: new AbortController().signal,
  });
  for (let start = 0, chunk = 0; start < samples.length; chunk++) {
    const end = start + 2 * (chunkFrames[chunk % chunkFrames.length] as number);
    await analysis.write(samples.slice(start, end));
    start = end;
  }
  return analysis.finish({ durationSeconds: samples.length / 2 / SAMPLE_RATE });
}

/** What people see of the row of interleaved stereo samples. */
export async function analyse(
  samples: Float32Array,
): Promise<{ hop_s: number; f0_hz: number[]; notes: PresentedNote[] }> {
  const { hop_s, f0_hz, notes } = pitch.present(await rowOf(samples));
  return {
    hop_s: hop_s as number,
    f0_hz: f0_hz as number[],
    notes: notes as unknown as PresentedNote[],
  };
}

/** Share of values that pass. */
export function share<T>(values: readonly T[], test: (value: T, index: number) => boolean): number {
  return values.filter(test).length / values.length;
}
