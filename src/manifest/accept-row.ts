/** The rules for one row of a manifest: its fields to a track, or the reason for its rejection. */
import { LANGUAGE_TAG_EXPECTED, languageTag } from '../language-tag.ts';
import { MANIFEST_COLUMNS, type ManifestColumn } from './columns.ts';
import { uriProblem } from './resolve-uri.ts';
import type { Track } from './track.ts';

/** Longest `track_id`, in bytes of UTF-8. */
export const MAX_TRACK_ID_BYTES = 256;

/** What becomes of a row: a track, or a reason that follows "the row" in a sentence. */
export type RowVerdict =
  | { readonly kind: 'track'; readonly track: Track }
  | { readonly kind: 'reason'; readonly reason: string };

const CONTROL = /\p{Cc}/u;
const POSITIVE_DECIMAL = /^\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Makes tracks of the rows below one header. */
export class RowRules {
  readonly #header: readonly string[];
  readonly #at: Readonly<Record<ManifestColumn, number>>;
  readonly #extra: readonly (readonly [name: string, index: number])[];

  constructor(header: readonly string[]) {
    this.#header = header;
    this.#at = Object.fromEntries(MANIFEST_COLUMNS.map((name) => [name, header.indexOf(name)])) as Record<
      ManifestColumn,
      number
    >;
    const known: ReadonlySet<string> = new Set(MANIFEST_COLUMNS);
    this.#extra = header.map((name, index) => [name, index] as const).filter(([name]) => !known.has(name));
  }

  /** Judges a row's fields. Whether its id is a duplicate is for whoever sees all rows. */
  judge(fields: readonly string[]): RowVerdict {
    if (fields.length !== this.#header.length) {
      return rejected(`has ${count(fields.length, 'field')} where the header has ${this.#header.length}`);
    }
    const trackId = fields[this.#at.track_id] ?? '';
    const audioUri = fields[this.#at.audio_uri] ?? '';
    const lyricsUri = fields[this.#at.lyrics_uri] ?? '';
    const problem =
      trackIdProblem(trackId) ?? audioProblem(audioUri) ?? locationProblem('lyrics_uri', lyricsUri);
    if (problem !== undefined) return rejected(problem);

    const duration = (fields[this.#at.duration_s] ?? '').trim();
    const durationSeconds = duration === '' ? undefined : positiveNumber(duration);
    if (duration !== '' && durationSeconds === undefined) {
      return rejected(`duration_s is '${clipped(duration)}': a positive number of seconds is expected`);
    }
    const stated = (fields[this.#at.language] ?? '').trim();
    const language = stated === '' ? undefined : languageTag(stated);
    if (stated !== '' && language === undefined) {
      return rejected(`language is '${clipped(stated)}': ${LANGUAGE_TAG_EXPECTED}`);
    }
    return {
      kind: 'track',
      track: {
        trackId,
        audioUri,
        durationSeconds,
        lyricsUri: lyricsUri === '' ? undefined : lyricsUri,
        language,
        extra: this.#extraOf(fields),
      },
    };
  }

  /**
   * Whether the fields of a record that spans several lines can be what its author meant. The opposite is
   * a stray quote that has swallowed the rows below it: then the count is wrong, or a line break lies in a
   * column where none belongs.
   */
  spansLinesPlausibly(fields: readonly string[]): boolean {
    return (
      fields.length === this.#header.length &&
      MANIFEST_COLUMNS.every((name) => !(fields[this.#at[name]] ?? '').includes('\n'))
    );
  }

  #extraOf(fields: readonly string[]): Readonly<Record<string, string>> {
    // fromEntries defines properties: a column named __proto__ is carried like any other.
    return Object.fromEntries(this.#extra.map(([name, index]) => [name, fields[index] ?? '']));
  }
}

function trackIdProblem(trackId: string): string | undefined {
  if (trackId.trim() === '') return 'track_id is missing';
  // A code unit is at most three bytes: short ids need no counting.
  if (trackId.length * 3 > MAX_TRACK_ID_BYTES && Buffer.byteLength(trackId) > MAX_TRACK_ID_BYTES) {
    return `track_id is ${Buffer.byteLength(trackId)} bytes long: at most ${MAX_TRACK_ID_BYTES} are allowed`;
  }
  if (CONTROL.test(trackId)) return 'track_id holds a control character';
  return undefined;
}

function audioProblem(uri: string): string | undefined {
  return uri.trim() === '' ? 'audio_uri is missing' : locationProblem('audio_uri', uri);
}

function locationProblem(column: ManifestColumn, uri: string): string | undefined {
  const problem = CONTROL.test(uri) ? 'holds a control character' : uriProblem(uri);
  return problem === undefined ? undefined : `${column} '${clipped(uri)}' ${problem}`;
}

function positiveNumber(text: string): number | undefined {
  const value = POSITIVE_DECIMAL.test(text) ? Number(text) : Number.NaN;
  return value > 0 && Number.isFinite(value) ? value : undefined;
}

function rejected(reason: string): RowVerdict {
  return { kind: 'reason', reason };
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function clipped(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
