import { fingerprintFile } from '../../audio/fingerprint-file.ts';
import { FPCALC_FORMAT, startFpcalc } from '../../audio/fpcalc.ts';
import { TrackFailure } from '../../failures.ts';
import type { Row } from '../../results/columns.ts';
import type {
  DecodedAudio,
  SampleAlgorithm,
  SampleAnalysis,
  SourceFile,
  TrackContext,
} from '../algorithm.ts';
import { decompressFingerprint, secondsOfCodes } from './chromaprint.ts';

/** AcoustID's own limit: fingerprints of longer beginnings do not compare with those in its index. */
const MAX_SECONDS = 120;
/** The first code stands for 2.8 s; three make it worth keeping. */
const MIN_SECONDS = 3;
/** The code of digital silence, and of noise below about -75 dBFS, where no note is strong enough to count. */
const SILENCE = 627964279;
/** Encoder delay and padding, which containers count and decoders drop, and the audio after the last code. */
const MISSING_SECONDS = 0.25;

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
    minSeconds: MIN_SECONDS,
    // Judged by the codes, which there are whether samples pass through here or not.
    needsSound: false,
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
  cost: { perTrackSeconds: 0.02, perAudioSecond: 0.0011 },
  fromFile,
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
    finish: async ({ durationSeconds }: DecodedAudio) => {
      const compressed = await fpcalc.finish();
      return makeRow(compressed, decompressFingerprint(compressed).codes, durationSeconds);
    },
    close: () => fpcalc.close(),
  };
}

/** Leaves all to the decoder that is too short, too long, or gives fewer codes than its length should. */
async function fromFile({ path, maxDurationSeconds, signal }: SourceFile): Promise<Row | undefined> {
  const made = await fingerprintFile(path, { maxSeconds: MAX_SECONDS, signal });
  if (made === undefined) return undefined;
  const { compressed, durationSeconds } = made;
  if (durationSeconds < MIN_SECONDS + MISSING_SECONDS || durationSeconds > maxDurationSeconds) {
    return undefined;
  }
  const { codes } = decompressFingerprint(compressed);
  const expected = Math.min(durationSeconds, MAX_SECONDS) - MISSING_SECONDS;
  return secondsOfCodes(codes.length) < expected ? undefined : makeRow(compressed, codes, durationSeconds);
}

function makeRow(compressed: Uint8Array, codes: Uint32Array, durationSeconds: number): Row {
  if (codes.every((code) => code === SILENCE)) {
    throw new TrackFailure('silent', `nothing to be heard in the first ${MAX_SECONDS} s`);
  }
  return { fingerprint: compressed, duration_s: Math.round(durationSeconds * 1000) / 1000 };
}
