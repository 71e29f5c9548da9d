import { type FingerprintMatch, matchFingerprints } from '../algorithms/fingerprint/match-fingerprints.ts';
import { usageError } from '../errors.ts';
import { type MatchSide, type SideSources, parseSide, readSide } from './match-side.ts';

/** How two recordings compare, and what they are. */
export interface RecordingMatch extends FingerprintMatch {
  readonly a: MatchSide;
  readonly b: MatchSide;
}

/**
 * Compares two recordings by their fingerprints: tracks of a run, files, or one of each.
 * @param sides how the user named them: see {@link parseSide}
 * @throws BackfillError `incomparable`, and as {@link readSide}
 */
export async function matchRecordings(
  sides: readonly [a: string, b: string],
  sources: SideSources,
): Promise<RecordingMatch> {
  const [nameA, nameB] = [await parseSide(sides[0]), await parseSide(sides[1])];
  const a = await readSide(nameA, sources);
  const b = await readSide(nameB, sources);
  if (a.algorithm !== b.algorithm) {
    throw usageError(
      'incomparable',
      `'${sides[0]}' is fingerprinted with Chromaprint's algorithm ${a.algorithm}, '${sides[1]}' with ${b.algorithm}`,
      { hint: 'backfill run fingerprints both with the same one' },
    );
  }
  return { ...matchFingerprints(a.codes, b.codes), a: a.side, b: b.side };
}
