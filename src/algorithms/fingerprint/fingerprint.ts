import { FPCALC_FORMAT, startFpcalc } from '../../audio/fpcalc.ts';
import type { DecodedAudio, SampleAlgorithm, SampleAnalysis, TrackContext } from '../algorithm.ts';

/** AcoustID's own limit: fingerprints of longer beginnings do not compare with those in its index. */
const MAX_SECONDS = 120;

/**
 * Chromaprint fingerprints (algorithm 2), as AcoustID takes them: the same as `fpcalc FILE` gives.
 *
 * Version 1 is Chromaprint's algorithm 2 over the first 120 s. The algorithm's number also stands in the
 * first byte of every fingerprint, so that one is never compared with another's.
 */
export const fingerprint: SampleAlgorithm = {
  name: 'fingerprint',
  version: '1',
  summary: 'Chromaprint fingerprint of the first 120 s, as AcoustID takes it: finds the same recording again',
  input: {
    kind: 'samples',
    format: FPCALC_FORMAT,
    maxSeconds: MAX_SECONDS,
    // The first code stands for 2.8 s; three make it worth keeping.
    minSeconds: 3,
    needsSound: true,
  },
  columns: [
    {
      name: 'fingerprint',
      type: 'bytes',
      description: 'compressed Chromaprint fingerprint; AcoustID takes its URL-safe base64',
    },
    {
      name: 'duration_s',
      type: 'double',
      description: 'length of the whole track in seconds, which AcoustID asks for beside the fingerprint',
    },
  ],
  programs: ['fpcalc'],
  cost: { perTrackSeconds: 0.06, perAudioSecond: 0.0002 },
  open,
  present: ({ fingerprint: compressed, duration_s }) => ({
    fingerprint: Buffer.from(compressed as Uint8Array).toString('base64url'),
    duration_s: duration_s as number,
  }),
};

async function open(track: TrackContext): Promise<SampleAnalysis> {
  const fpcalc = await startFpcalc({ maxSeconds: MAX_SECONDS, signal: track.signal });
  return {
    write: (samples) => fpcalc.write(samples as Int16Array),
    finish: async (audio: DecodedAudio) => ({
      fingerprint: await fpcalc.finish(),
      duration_s: Math.round(audio.durationSeconds * 1000) / 1000,
    }),
    close: () => fpcalc.close(),
  };
}
