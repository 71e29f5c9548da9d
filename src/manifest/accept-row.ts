/** The rules for one row of a manifest: its fields to a track, or the reason for its rejection. */
import { LANGUAGE_TAG_EXPECTED, languageTag } from '../language-tag.ts';
import { MANIFEST_COLUMNS, type ManifestColumn } from './columns.ts';
import type { Rejection, RejectionCode } from './rejection.ts';
import { uriProblem } from './resolve-uri.ts';
import type { Track } from './track.ts';

/** Longest `track_id`, in bytes of UTF-8. */
export const MAX_TRACK_ID_BYTES = 256;

/** What becomes of a row. */
export type RowVerdict =
  | { readonly kind: 'track'; readonly track: Track }
  | ({ readonly kind: 'rejected' } & Rejection);

const CONTROL = /\p{Cc}/u;
const BYTE_ORDER_MARK = '\uFEFF';
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
      return rejected(
        'field-count',
        `has ${count(fields.length, 'field')} where the header has ${this.#header.length}`,
      );
    }
    const trackId = fields[this.#at.track_id] ?? '';
    const audioUri = fields[this.#at.audio_uri] ?? '';
    const lyricsUri = fields[this.#at.lyrics_uri] ?? '';
    const problem =
      trackIdProblem(trackId) ?? audioProblem(audioUri) ?? locationProblem('lyrics_uri', lyricsUri);
    if (problem !== undefined) return { kind: 'rejected', ...problem };

    const duration = (fields[this.#at.duration_s] ?? '').trim();
    const durationSeconds = duration === '' ? undefined : positiveNumber(duration);
    if (duration !== '' && durationSeconds === undefined) {
      const reason = `duration_s is '${clipped(duration)}': a positive number of seconds is expected`;
      return rejected('duration-invalid', reason);
    }
    const stated = (fields[this.#at.language] ?? '').trim();
    const language = stated === '' ? undefined : languageTag(stated);
    if (stated !== '' && language === undefined) {
      return rejected('language-invalid', `language is '${clipped(stated)}': ${LANGUAGE_TAG_EXPECTED}`);
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

function trackIdProblem(trackId: string): Rejection | undefined {
  if (trackId.trim() === '') return { code: 'track-id-missing', reason: 'track_id is missing' };
  // A code unit is at most three bytes: short ids need no counting.
  if (trackId.length * 3 > MAX_TRACK_ID_BYTES && Buffer.byteLength(trackId) > MAX_TRACK_ID_BYTES) {
    const reason = `track_id is ${Buffer.byteLength(trackId)} bytes long: at most ${MAX_TRACK_ID_BYTES} are allowed`;
    return { code: 'track-id-too-long', reason };
  }
  const problem = characterProblem(trackId);
  return problem && { ...problem, reason: `track_id ${problem.reason}` };
}

function audioProblem(uri: string): Rejection | undefined {
  if (uri.trim() === '') return { code: 'audio-uri-missing', reason: 'audio_uri is missing' };
  return locationProblem('audio_uri', uri);
}

function locationProblem(column: ManifestColumn, uri: string): Rejection | undefined {
  const problem = characterProblem(uri) ?? unsupportedUri(uri);
  return problem && { ...problem, reason: `${column} '${clipped(uri)}' ${problem.reason}` };
}

function unsupportedUri(uri: string): Rejection | undefined {
  const reason = uriProblem(uri);
  return reason === undefined ? undefined : { code: 'uri-unsupported', reason };
}

/** Characters that no name has; the reason follows the name. */
function characterProblem(name: string): Rejection | undefined {
  if (CONTROL.test(name)) return { code: 'control-character', reason: 'holds a control character' };
  if (!name.startsWith(BYTE_ORDER_MARK)) return undefined;
  return { code: 'byte-order-mark', reason: 'begins with a byte order mark: files were joined here' };
}

function positiveNumber(text: string): number | undefined {
  const value = POSITIVE_DECIMAL.test(text) ? Number(text) : Number.NaN;
  return value > 0 && Number.isFinite(value) ? value : undefined;
}

function rejected(code: RejectionCode, reason: string): RowVerdict {
  return { kind: 'rejected', code, reason };
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function clipped(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
