/**
 * Planned tracks as CSV rows and back: the frames of `plan/manifest.csv.zst`.
 *
 * Rows keep the columns and the order of the user's manifest. The plan of a retry has one column more, in
 * the end: the names of the algorithms that a row is wanted for, separated by spaces.
 */
import { zstdDecompressSync } from 'node:zlib';
import { MANIFEST_COLUMNS, RESERVED_COLUMN } from '../manifest/columns.ts';
import { csvRecord, parseCsv } from '../manifest/csv.ts';
import type { Track } from '../manifest/track.ts';
import { MAX_SHARD_BYTES } from './shards.ts';

/** A track as its shard holds it. */
export interface PlannedTrack {
  readonly track: Track;
  /** The algorithms that it is wanted for; all of the run's where undefined. */
  readonly algorithms?: readonly string[];
}

/** The header of a retry's plan over manifests with `header`. */
export function retryHeader(header: readonly string[]): readonly string[] {
  return header.includes(RESERVED_COLUMN) ? header : [...header, RESERVED_COLUMN];
}

/** The row of a track below `header`, with its line feed. */
export function encodePlannedTrack(planned: PlannedTrack, header: readonly string[]): string {
  return csvRecord(header.map((column) => fieldOf(planned, column)));
}

/**
 * The tracks of one frame.
 *
 * @param frame One zstd frame, as the shard's entry says where it lies.
 * @param expectedRows The entry's count.
 * @throws where the frame is damaged or holds another number of rows
 */
export function decodeFrame(
  frame: Uint8Array,
  header: readonly string[],
  expectedRows: number,
): PlannedTrack[] {
  return decodeRows(decompressFrame(frame), header, expectedRows);
}

/**
 * Those tracks of a frame whose ids are wanted, as {@link decodeFrame} gives them. Where no field is quoted, lines are
 * rows, and only the wanted ones are parsed: few are, as a rule, of many.
 *
 * @throws as decodeFrame; but a row that is not wanted may have any number of fields
 */
export function decodeRowsOf(
  frame: Uint8Array,
  header: readonly string[],
  expectedRows: number,
  wanted: ReadonlySet<string>,
): PlannedTrack[] {
  const bytes = decompressFrame(frame);
  if (bytes.includes(QUOTE)) {
    return decodeRows(bytes, header, expectedRows).filter(({ track }) => wanted.has(track.trackId));
  }
  const text = bytes.toString('utf8');
  const idColumn = header.indexOf('track_id');
  const tracks: PlannedTrack[] = [];
  let rows = 0;
  for (let start = 0; start < text.length; rows += 1) {
    const feed = text.indexOf('\n', start);
    // A carriage return belongs to the line feed behind it.
    const end = feed < 0 ? text.length : text.charCodeAt(feed - 1) === CARRIAGE_RETURN ? feed - 1 : feed;
    if (wanted.has(fieldAt(text, start, end, idColumn))) {
      tracks.push(decodeFields(text.slice(start, end).split(','), header));
    }
    start = feed < 0 ? text.length : feed + 1;
  }
  assertRows(rows, expectedRows);
  return tracks;
}

/** A field of the quote-free line from `start` to `end`, by its column from 0; empty where it has no such column. */
function fieldAt(text: string, start: number, end: number, column: number): string {
  let from = start;
  for (let index = 0; index < column; index += 1) {
    from = text.indexOf(',', from) + 1;
    if (from === 0 || from > end) return '';
  }
  const comma = text.indexOf(',', from);
  return text.slice(from, comma < 0 ? end : Math.min(comma, end));
}

function decompressFrame(frame: Uint8Array): Buffer {
  return zstdDecompressSync(frame, { maxOutputLength: MAX_FRAME_BYTES });
}

function decodeRows(bytes: Buffer, header: readonly string[], expectedRows: number): PlannedTrack[] {
  const rows = parseCsv(bytes, bytes.includes(QUOTE));
  assertRows(rows.length, expectedRows);
  return rows.map((fields) => decodeFields(fields, header));
}

function assertRows(rows: number, expectedRows: number): void {
  if (rows === expectedRows) return;
  throw new Error(`the plan's frame holds ${rows} rows where its entry says ${expectedRows}`);
}

const QUOTE = 0x22;
const CARRIAGE_RETURN = 0x0d;
/** A shard's limit, or one record of the longest kind with every byte a doubled quote. */
const MAX_FRAME_BYTES = MAX_SHARD_BYTES + 1024 * 1024;

function fieldOf({ track, algorithms }: PlannedTrack, column: string): string {
  switch (column) {
    case 'track_id':
      return track.trackId;
    case 'audio_uri':
      return track.audioUri;
    case 'duration_s':
      return track.durationSeconds === undefined ? '' : String(track.durationSeconds);
    case 'lyrics_uri':
      return track.lyricsUri ?? '';
    case 'language':
      return track.language ?? '';
    case RESERVED_COLUMN:
      return algorithms?.join(' ') ?? '';
    default:
      return track.extra[column] ?? '';
  }
}

function decodeFields(fields: readonly string[], header: readonly string[]): PlannedTrack {
  if (fields.length !== header.length) {
    throw new Error(`a row of the plan has ${fields.length} fields where its header has ${header.length}`);
  }
  const valueOf = (column: string): string | undefined => fields[header.indexOf(column)] || undefined;
  const duration = valueOf('duration_s');
  const algorithms = valueOf(RESERVED_COLUMN);
  return {
    track: {
      trackId: valueOf('track_id') ?? '',
      audioUri: valueOf('audio_uri') ?? '',
      durationSeconds: duration === undefined ? undefined : Number(duration),
      lyricsUri: valueOf('lyrics_uri'),
      language: valueOf('language'),
      extra: extraOf(fields, header),
    },
    ...(algorithms === undefined ? {} : { algorithms: algorithms.split(' ') }),
  };
}

function extraOf(fields: readonly string[], header: readonly string[]): Readonly<Record<string, string>> {
  const known: readonly string[] = [...MANIFEST_COLUMNS, RESERVED_COLUMN];
  const extras = header.map((column, index) => [column, fields[index] ?? ''] as const);
  return Object.fromEntries(extras.filter(([column]) => !known.includes(column)));
}
