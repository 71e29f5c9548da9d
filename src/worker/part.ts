/**
 * A part: the outcomes of consecutive tracks of a shard, of all algorithms, between two commits. One
 * zstd frame of JSON lines, one line a track. Parts are gone when the shard is finished.
 */
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type { Column, JsonValue } from '../results/columns.ts';
import { decodeRow, encodeRow } from '../results/stored-value.ts';
import type { FailureCode } from '../failures.ts';
import type { TrackOutcomes } from './outcome.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

const LINE_FEED = 0x0a;

/** The columns of each algorithm of the run, by name. */
export type ColumnsByAlgorithm = ReadonlyMap<string, readonly Column[]>;

type StoredOutcome = {
  readonly algorithm: string;
  /** Absent where there is none. */
  readonly etag?: string;
} & ({ readonly row: Record<string, JsonValue> } | { readonly code: FailureCode; readonly message: string });

interface StoredLine {
  readonly row: number;
  readonly track: string;
  readonly outcomes: readonly StoredOutcome[];
}

/** A track's line of a part. */
export function encodeLine(columns: ColumnsByAlgorithm, { row, trackId, outcomes }: TrackOutcomes): string {
  const line: StoredLine = {
    row,
    track: trackId,
    outcomes: outcomes.map((outcome) => ({
      algorithm: outcome.algorithm,
      ...(outcome.sourceEtag === null ? {} : { etag: outcome.sourceEtag }),
      ...(outcome.kind === 'succeeded'
        ? { row: encodeRow(columnsOf(columns, outcome.algorithm), outcome.row) }
        : { code: outcome.code, message: outcome.message }),
    })),
  };
  return `${JSON.stringify(line)}\n`;
}

/** A part of encoded lines. */
export async function packPart(lines: readonly string[]): Promise<Uint8Array> {
  return compress(Buffer.from(lines.join(''), 'utf8'));
}

/** The tracks of a part, one after the other: memory holds the part's lines, and one track of it. */
export async function unpackPart(
  columns: ColumnsByAlgorithm,
  bytes: Uint8Array,
): Promise<Generator<TrackOutcomes, void, undefined>> {
  return tracksOf(columns, await decompress(bytes));
}

function* tracksOf(columns: ColumnsByAlgorithm, lines: Buffer): Generator<TrackOutcomes, void, undefined> {
  let end: number;
  for (let start = 0; start < lines.length; start = end + 1) {
    end = lines.indexOf(LINE_FEED, start);
    yield decodeLine(columns, lines.toString('utf8', start, end));
  }
}

function decodeLine(columns: ColumnsByAlgorithm, line: string): TrackOutcomes {
  const stored = JSON.parse(line) as StoredLine;
  return {
    row: stored.row,
    trackId: stored.track,
    outcomes: stored.outcomes.map((outcome) => ({
      algorithm: outcome.algorithm,
      sourceEtag: outcome.etag ?? null,
      ...('row' in outcome
        ? { kind: 'succeeded', row: decodeRow(columnsOf(columns, outcome.algorithm), outcome.row) }
        : { kind: 'failed', code: outcome.code, message: outcome.message }),
    })),
  };
}

function columnsOf(columns: ColumnsByAlgorithm, algorithm: string): readonly Column[] {
  const found = columns.get(algorithm);
  if (found === undefined) throw new Error(`no columns of ${algorithm} are known`);
  return found;
}
