import { TrackFailure } from '../../failures.ts';
import { MAX_LYRICS_BYTES } from './lyrics-encoding.ts';
import type { LrcDocument, LrcEntry } from './lrc.ts';

/** A line of lyrics longer than this is none; it bounds what a morphological analysis can take. */
const MAX_LINE_LENGTH = 2000;

/**
 * Lines, one with several stamps counted once for each: a line a second for five and a half hours. The longest songs
 * have some hundreds, and a recording of several hours of which each word is a line has fewer than these.
 */
const MAX_LINES = 20_000;

/**
 * Characters of all lines, the text of one with several stamps counted once for each. A row holds a text for every time
 * that it is sung: 100,000 stamps before one line of 2,000 characters, a file of 1 MiB, would make a row of 200 MB. So
 * the lines written out are held to what a file may have. No file without such lines comes near, as no character takes
 * less than a byte; a song whose chorus comes back ten times has some ten thousand.
 */
const MAX_TEXT_LENGTH = MAX_LYRICS_BYTES;

/**
 * The lines of a file, tags and blank lines left out, if they are no more than lyrics can have.
 *
 * @throws TrackFailure `lyrics-unreadable` that names what is too much and the limit
 */
export function linesWithinLimits({ entries }: LrcDocument): Extract<LrcEntry, { kind: 'line' }>[] {
  const lines = entries.filter((entry) => entry.kind === 'line');
  let count = 0;
  let characters = 0;
  for (const { text, times } of lines) {
    if (text.length > MAX_LINE_LENGTH) {
      throw unreadable(
        `a line of ${text.length} characters is no lyrics; at most ${MAX_LINE_LENGTH} are read`,
      );
    }
    const occurrences = Math.max(1, times.length);
    count += occurrences;
    characters += occurrences * text.length;
  }
  if (count > MAX_LINES) {
    throw unreadable(
      `the lyrics file comes to ${count} lines, each counted once for each of its time stamps; at most ${MAX_LINES} are read`,
    );
  }
  if (characters > MAX_TEXT_LENGTH) {
    throw unreadable(
      `the lines of the lyrics file, each written out once for each of its time stamps, come to ${characters} characters; at most ${MAX_TEXT_LENGTH} are read`,
    );
  }
  return lines;
}

function unreadable(message: string): TrackFailure {
  return new TrackFailure('lyrics-unreadable', message);
}
