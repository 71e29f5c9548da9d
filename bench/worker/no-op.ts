/** Algorithms that do nothing: what a track costs with one of them is the worker's own. */
import type { LyricsAlgorithm, SampleAlgorithm } from '../../src/algorithms/algorithm.ts';

const BASE = {
  version: '1',
  columns: [{ name: 'bytes', type: 'int64', description: 'how much it was given' }],
  cost: { perTrackSeconds: 0, perAudioSecond: 0 },
  present: () => ({}),
} as const;

/** Is given the bytes of a track's lyrics, and counts them: no other program is started. */
export const NO_OP_LYRICS: LyricsAlgorithm = {
  ...BASE,
  name: 'no-op-lyrics',
  summary: 'does nothing with lyrics',
  input: { kind: 'lyrics' },
  run: ({ bytes }) => ({ bytes: bytes.length }),
};

/** Is given a track's samples, and counts them: ffprobe and ffmpeg are started. */
export const NO_OP_AUDIO: SampleAlgorithm = {
  ...BASE,
  name: 'no-op-audio',
  summary: 'does nothing with samples',
  input: {
    kind: 'samples',
    format: { encoding: 's16', sampleRate: 11_025, channels: 1 },
    minSeconds: 0,
    needsSound: false,
  },
  open: () => {
    let bytes = 0;
    return {
      write: (samples) => {
        bytes += samples.byteLength;
      },
      finish: () => ({ bytes }),
    };
  },
};
