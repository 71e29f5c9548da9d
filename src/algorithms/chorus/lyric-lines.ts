import { TrackFailure } from '../../failures.ts';
import { parseLrc } from '../lyrics/lrc.ts';
import { decodeLyrics } from '../lyrics/lyrics-encoding.ts';
import { linesWithinLimits } from '../lyrics/size-limits.ts';

/** A line of lyrics and when it is sung. */
export interface LyricLine {
  /** Seconds. */
  readonly start: number;
  /** Seconds: where the next line starts, or the words are cleared away. */
  readonly end: number;
  readonly text: string;
}

/** A last line with nothing behind it is taken to last as long as this, seconds. */
const LAST_LINE_S = 4;

/**
 * The sung lines of an LRC file, in order of time; of lines with one stamp (a translation under its original) the
 * first. Empty where the file has no times, can not be read or holds more than lyrics have: then a song is heard without
 * it.
 *
 * @param language BCP 47 tag of the words, where it is known: it helps to tell old character sets apart
 */
export function timedLines(bytes: Uint8Array, language: string | undefined): LyricLine[] {
  const stamped = linesOf(bytes, language)
    .flatMap((line) => line.times.map((start) => ({ start, text: line.text })))
    // A stable sort: lines of one time stay in the file's order.
    .toSorted((a, b) => a.start - b.start)
    .filter((line, index, all) => index === 0 || line.start > (all[index - 1]?.start ?? 0));
  return stamped
    .map((line, index) => ({ ...line, end: stamped[index + 1]?.start ?? line.start + LAST_LINE_S }))
    .filter((line) => line.text !== '');
}

function linesOf(bytes: Uint8Array, language: string | undefined): ReturnType<typeof linesWithinLimits> {
  try {
    return linesWithinLimits(parseLrc(decodeLyrics(bytes, language?.split('-')[0]?.toLowerCase())));
  } catch (error) {
    if (error instanceof TrackFailure) return [];
    throw error;
  }
}
