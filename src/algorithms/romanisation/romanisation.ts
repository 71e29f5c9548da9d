import { TrackFailure } from '../../failures.ts';
import type { JsonRow, Row } from '../../results/columns.ts';
import type { LyricsAlgorithm } from '../algorithm.ts';
import { inlineTranslations } from './inline-translations.ts';
import {
  type Language,
  type LanguageRun,
  languageOfTag,
  languageRuns,
  type SongLanguages,
  songLanguages,
} from './language.ts';
import { type LrcDocument, type LrcEntry, parseLrc } from '../lyrics/lrc.ts';
import { writeLrc } from './lrc-writing.ts';
import { decodeLyrics } from '../lyrics/lyrics-encoding.ts';
import { refuseOtherFormats } from '../lyrics/other-formats.ts';
import { linesWithinLimits } from '../lyrics/size-limits.ts';
import { joinWords, type RomanisedLine, type Romaniser } from './romaniser.ts';
import { LATIN, loadRomaniser, SYSTEMS } from './romanisers.ts';
import { findUnsung, isNote } from './unsung-lines.ts';

type LyricsLine = Extract<LrcEntry, { kind: 'line' }>;

/**
 * Romanises lyrics line by line: Japanese in modified Hepburn, Cantonese in Jyutping, Korean in the
 * Revised Romanization, Mandarin in pinyin. See docs/algorithms/romanisation.md.
 *
 * Fails as `lyrics-unreadable` (not text, no words in it, or more than lyrics have) and `language-unsupported` (none of the four).
 */
export const romanisation: LyricsAlgorithm = {
  name: 'romanisation',
  version: '2',
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
  cost: { perTrackSeconds: 0.002, perAudioSecond: 0 },

  async run({ bytes, language, signal }) {
    const declared = languageOfTag(language);
    const source = decodeLyrics(bytes, declared);
    refuseOtherFormats(source);
    const document = parseLrc(source);
    const lines = linesOf(document);
    const unsung = findUnsung(lines, declared);
    const sung = lines.filter((line) => !unsung.has(line)).map(({ text }) => text);
    const languages = songLanguages(sung, declared);
    const halves = inlineTranslations(sung);
    const song = new SongRomaniser(languages);
    const romanised: RomanisedLine[] = [];
    signal.throwIfAborted();
    for (const line of lines) {
      if (unsung.has(line)) romanised.push(asItIs(line.text));
      else {
        const half = halves.get(line.text);
        const result = song.romanise(half === undefined ? line.text : line.text.slice(0, half).trimEnd());
        const latin = result instanceof Promise ? await result : result;
        // Nothing else comes between two lines, but for the time that a dictionary took.
        if (result instanceof Promise) signal.throwIfAborted();
        romanised.push(half === undefined ? latin : followedBy(latin, line.text, half));
      }
    }
    return {
      language: languages.song,
      system: SYSTEMS[languages.song],
      lines: timedLines(lines, romanised),
      lrc: writeLrc(document.entries, romanised),
    };
  },

  present({ language, system, lines, lrc }: Row): JsonRow {
    return { language, system, lines, lrc } as JsonRow;
  },
};

function linesOf(document: LrcDocument): LyricsLine[] {
  const lines = linesWithinLimits(document);
  if (lines.every(({ text }) => text === '' || isNote(text))) {
    throw new TrackFailure(
      'lyrics-unreadable',
      'the lyrics file holds no words: only tags, times, credits or blank lines',
    );
  }
  return lines;
}

/** A romanised line with the rest of its text, from `start` on, as it is. */
function followedBy(line: RomanisedLine, text: string, start: number): RomanisedLine {
  const words = [...line.words, { start, text: text.slice(start), spaced: true }];
  return { words, text: joinWords(words) };
}

function asItIs(text: string): RomanisedLine {
  return { words: [{ start: 0, text, spaced: false }], text };
}

/** Romanises the lines of one song, loading a language's dictionary when its first line comes. */
class SongRomaniser {
  readonly #languages: SongLanguages;
  readonly #loaded = new Map<Language, Romaniser>();
  // A chorus comes again and again; held for this song alone.
  readonly #known = new Map<string, RomanisedLine>();

  constructor(languages: SongLanguages) {
    this.#languages = languages;
  }

  /** At once where all dictionaries that the line takes are there: most lines of a song, all but the first. */
  romanise(text: string): RomanisedLine | Promise<RomanisedLine> {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const runs = languageRuns(text, this.#languages);
    const hasAll = runs.every(({ language }) => language === undefined || this.#loaded.has(language));
    return hasAll ? this.#join(text, runs) : this.#load(runs).then(() => this.#join(text, runs));
  }

  #join(text: string, runs: readonly LanguageRun[]): RomanisedLine {
    const [first] = runs;
    const words =
      first !== undefined && runs.length === 1
        ? this.#romaniser(first).romanise(first.text)
        : runs.flatMap((run) =>
            this.#romaniser(run)
              .romanise(run.text)
              .map((word) => ({ ...word, start: word.start + run.start })),
          );
    const line = { words, text: joinWords(words) };
    this.#known.set(text, line);
    return line;
  }

  #romaniser({ language }: LanguageRun): Romaniser {
    return (language === undefined ? undefined : this.#loaded.get(language)) ?? LATIN;
  }

  async #load(runs: readonly LanguageRun[]): Promise<void> {
    for (const { language } of runs) {
      if (language !== undefined) this.#loaded.set(language, await loadRomaniser(language));
    }
  }
}

/** One line a stamp, in order of time; a line without a stamp follows the one it stands under. */
function timedLines(lines: readonly LyricsLine[], romanised: readonly RomanisedLine[]): Row[] {
  const timed: { readonly order: number; readonly row: Row }[] = [];
  let under = 0;
  for (let index = 0; index < lines.length; index++) {
    const { times, text } = lines[index] as LyricsLine;
    const line = romanised[index]?.text ?? '';
    under = times[0] ?? under;
    if (times.length === 0) timed.push({ order: under, row: { time_s: null, text, romanised: line } });
    for (const time of times) timed.push({ order: time, row: { time_s: time, text, romanised: line } });
  }
  return timed.toSorted((a, b) => a.order - b.order).map(({ row }) => row);
}
