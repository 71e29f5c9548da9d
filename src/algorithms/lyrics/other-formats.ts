import { TrackFailure } from '../../failures.ts';

/** Lyrics and captions in forms other than LRC and plain text, by what only they hold; none of them is read. */
const OTHER_FORMATS: readonly { readonly name: string; readonly sign: RegExp }[] = [
  { name: 'KRC (encrypted)', sign: /^krc1/ },
  // Blanks of its own line alone: \s would go on through blank lines, from the start of each of them.
  { name: 'word-timed lyrics (KRC, QRC or YRC)', sign: /^[^\S\n\r\u2028\u2029]*\[\d+,\d+\]/m },
  { name: 'XML (QRC, TTML) or HTML', sign: /^\s*<(?:\?xml|!doctype|html|tt|qrcinfos)\b/i },
  { name: 'captions (SRT or WebVTT)', sign: /\d\d:\d\d[.,]\d{3} --> \d\d:/ },
  { name: 'a JSON document', sign: /^\s*\{\s*"(?!t"\s*:)[^"]*"\s*:/ },
];

/** What every one of them holds, and LRC seldom: a quick look at every file. */
const MAY_BE_OTHER = /^krc1|^\s*[<{]|\[\d+,|-->/;

/**
 * Refuses lyrics in a form that is not read, rather than to romanise its markup.
 *
 * @throws TrackFailure `lyrics-unreadable`
 */
export function refuseOtherFormats(source: string): void {
  if (!MAY_BE_OTHER.test(source)) return;
  const found = OTHER_FORMATS.find(({ sign }) => sign.test(source));
  if (found !== undefined) {
    throw new TrackFailure(
      'lyrics-unreadable',
      `the lyrics file is ${found.name}, which is not read; convert it to LRC or plain text`,
    );
  }
}
