import { TrackFailure } from '../../failures.ts';
import type { JsonRow, Row } from '../../results/columns.ts';
import type { LyricsAlgorithm } from '../algorithm.ts';
import {
  type Language,
  languageOfTag,
  languageRuns,
  type SongLanguages,
  scriptOf,
  songLanguages,
} from './language.ts';
import { type LrcDocument, type LrcEntry, parseLrc } from './lrc.ts';
import { writeLrc } from './lrc-writing.ts';
import { decodeLyrics } from './lyrics-encoding.ts';
import { joinWords, type RomanisedWord, type Romaniser } from './romaniser.ts';
import { LATIN, loadRomaniser, SYSTEMS } from './romanisers.ts';

/** A line of lyrics longer than this is none; it bounds what a morphological analysis can take. */
const MAX_LINE_LENGTH = 2000;

type LyricsLine = Extract<LrcEntry, { kind: 'line' }>;

/**
 * Romanises lyrics line by line: Japanese in modified Hepburn, Cantonese in Jyutping, Korean in the
 * Revised Romanization, Mandarin in pinyin. See docs/algorithms/romanisation.md.
 *
 * Fails as `lyrics-unreadable` (not text, or no words in it) and `language-unsupported` (none of the four).
 */
export const romanisation: LyricsAlgorithm = {
  name: 'romanisation',
  version: '1',
  summary: 'lyrics in Latin letters, line by line: Hepburn, Jyutping, Revised Romanization, pinyin',
  input: { kind: 'lyrics' },
  columns: [
    {
      name: 'language',
      type: 'string',
      description: 'BCP 47 primary language of the song: ja, yue, ko, zh; as declared, else detected',
    },
    {
      name: 'system',
      type: 'string',
      description:
        'romanisation of that language: hepburn (modified), jyutping, rr (Revised Romanization), pinyin',
    },
    {
      name: 'lines',
      type: {
        list: {
          struct: [
            {
              name: 'time_s',
              type: 'double',
              nullable: true,
              description: 'when the line begins, offset tag applied; null in plain text',
            },
            { name: 'text', type: 'string', description: 'the line as in the file, without stamps' },
            { name: 'romanised', type: 'string', description: 'the line in Latin letters' },
          ],
        },
      },
      description: 'the lines in order of time; one with several stamps comes once for each',
    },
    {
      name: 'lrc',
      type: 'string',
      description: 'the whole file again with its tags and stamps, its words romanised',
    },
  ],
  cost: { perTrackSeconds: 0.004, perAudioSecond: 0 },

  async run({ bytes, language, signal }) {
    const declared = languageOfTag(language);
    const document = parseLrc(decodeLyrics(bytes, declared));
    const lines = linesOf(document);
    const translations = findTranslations(lines, declared);
    const languages = songLanguages(
      lines.filter((line) => !translations.has(line)).map(({ text }) => text),
      declared,
    );
    const romanise = lineRomaniser(languages);
    const words: (readonly RomanisedWord[])[] = [];
    for (const line of lines) {
      signal.throwIfAborted();
      words.push(translations.has(line) ? asItIs(line.text) : await romanise(line.text));
    }
    return {
      language: languages.song,
      system: SYSTEMS[languages.song],
      lines: timedLines(lines, words),
      lrc: writeLrc(document.entries, words),
    };
  },

  present({ language, system, lines, lrc }: Row): JsonRow {
    return { language, system, lines, lrc } as JsonRow;
  },
};

function linesOf({ entries }: LrcDocument): LyricsLine[] {
  const lines = entries.filter((entry) => entry.kind === 'line');
  if (lines.every(({ text }) => text === '')) {
    throw new TrackFailure(
      'lyrics-unreadable',
      'the lyrics file holds no words: only tags, times or blank lines',
    );
  }
  const long = lines.find(({ text }) => text.length > MAX_LINE_LENGTH);
  if (long !== undefined) {
    throw new TrackFailure(
      'lyrics-unreadable',
      `a line of ${long.text.length} characters is no lyrics; at most ${MAX_LINE_LENGTH} are read`,
    );
  }
  return lines;
}

/**
 * Lines that share their stamps with the line of another script before them are its translation (the way
 * of Chinese lyrics sites: each Japanese or Korean line, then Chinese). They are not sung, so they stay as
 * they are.
 */
function findTranslations(
  lines: readonly LyricsLine[],
  declared: Language | undefined,
): ReadonlySet<LyricsLine> {
  const translations = new Set<LyricsLine>();
  const sung = new Map<string, string>();
  for (const line of lines) {
    if (line.stamps === '' || line.text === '') continue;
    const first = sung.get(line.stamps);
    if (first === undefined) {
      sung.set(line.stamps, line.text);
      continue;
    }
    const [firstScript, script] = [scriptOf(first), scriptOf(line.text)];
    if (script !== 'han' || declared === 'zh' || declared === 'yue') continue;
    if (firstScript === 'kana' || firstScript === 'hangul') translations.add(line);
  }
  return translations;
}

function asItIs(text: string): readonly RomanisedWord[] {
  return [{ start: 0, text, spaced: false }];
}

/** Romanises lines of a song, loading a language's dictionary when its first line comes. */
function lineRomaniser(languages: SongLanguages): (text: string) => Promise<readonly RomanisedWord[]> {
  const loaded = new Map<Language, Romaniser>();
  // A chorus comes again and again; held for this song alone.
  const known = new Map<string, readonly RomanisedWord[]>();
  return async (text) => {
    const same = known.get(text);
    if (same !== undefined) return same;
    const words: RomanisedWord[] = [];
    for (const run of languageRuns(text, languages)) {
      let romaniser = run.language === undefined ? LATIN : loaded.get(run.language);
      if (romaniser === undefined && run.language !== undefined) {
        romaniser = await loadRomaniser(run.language);
        loaded.set(run.language, romaniser);
      }
      for (const word of (romaniser ?? LATIN).romanise(run.text)) {
        words.push(run.start === 0 ? word : { ...word, start: word.start + run.start });
      }
    }
    known.set(text, words);
    return words;
  };
}

/** One line a stamp, in order of time; a line without a stamp follows the one it stands under. */
function timedLines(lines: readonly LyricsLine[], words: readonly (readonly RomanisedWord[])[]): Row[] {
  let under = 0;
  const timed = lines.flatMap(({ times, text }, index) => {
    const romanised = joinWords(words[index] ?? []);
    under = times[0] ?? under;
    const row = (time_s: number | null): Row => ({ time_s, text, romanised });
    if (times.length === 0) return [{ order: under, row: row(null) }];
    return times.map((time) => ({ order: time, row: row(time) }));
  });
  return timed.toSorted((a, b) => a.order - b.order).map(({ row }) => row);
}
