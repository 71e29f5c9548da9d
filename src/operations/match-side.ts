import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { decompressFingerprint } from '../algorithms/fingerprint/chromaprint.ts';
import { fingerprint } from '../algorithms/fingerprint/fingerprint.ts';
import { type BackfillError, environmentError, messageOf, usageError } from '../errors.ts';
import { FAILURE_MEANINGS, TrackFailure } from '../failures.ts';
import { hasS3Scheme } from '../manifest/resolve-uri.ts';
import type { JsonRow } from '../results/columns.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { SourceObjects } from '../store/source-objects.ts';
import { requirePrograms } from './diagnose.ts';
import { getTrack } from './get-track.ts';
import type { OpenRun } from './runs.ts';
import { tryAlgorithm } from './try-algorithm.ts';

/** What one side of a comparison is named by: a track of a run, or audio that is fingerprinted now. */
export type SideName =
  | {
      readonly kind: 'track';
      readonly trackId: string;
      /** Whether it was said to be one. */
      readonly said: boolean;
    }
  | {
      readonly kind: 'file';
      /** A path, or an `s3://` URI. */
      readonly source: string;
    };

/** Where the fingerprint of a side is from. */
type SideOrigin =
  | { readonly kind: 'track'; readonly trackId: string; readonly runId: string }
  | { readonly kind: 'file'; readonly source: string };

/** One side of a comparison. */
export type MatchSide = SideOrigin & {
  /** Of the whole track, beyond what its fingerprint covers. */
  readonly durationSeconds: number;
  /** How many different codes its fingerprint has. */
  readonly distinctCodes: number;
};

/** A side with its fingerprint. */
interface ReadSide {
  readonly side: MatchSide;
  /** Chromaprint's. */
  readonly algorithm: number;
  readonly codes: Uint32Array;
}

/** Where tracks and files are found. */
export interface SideSources {
  /** Opens the run whose tracks are meant. */
  readonly openRun: () => Promise<{ readonly store: ObjectStore; readonly run: OpenRun }>;
  /** Opens what `s3://` sources are read by. */
  readonly openSources: () => Promise<SourceObjects>;
  readonly maxDurationSeconds: number;
  readonly signal: AbortSignal;
}

const TRACK_PREFIX = 'track:';
const FILE_PREFIX = 'file:';

/**
 * Tells tracks from files: `track:ID` and `file:PATH` (or a `file://` URI) say what they are, `s3://bucket/key` is a
 * file; anything else is a file where there is one of that name, and a track where there is none.
 */
export async function parseSide(argument: string): Promise<SideName> {
  if (argument.startsWith(TRACK_PREFIX)) {
    return { kind: 'track', trackId: argument.slice(TRACK_PREFIX.length), said: true };
  }
  if (/^file:\/\//i.test(argument)) return { kind: 'file', source: pathOfUri(argument) };
  if (argument.startsWith(FILE_PREFIX)) return { kind: 'file', source: argument.slice(FILE_PREFIX.length) };
  if (hasS3Scheme(argument)) return { kind: 'file', source: argument };
  const isFile = await stat(argument).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? { kind: 'file', source: argument } : { kind: 'track', trackId: argument, said: false };
}

function pathOfUri(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (error) {
    throw usageError('unsupported-source', `'${uri}' names no file of this machine: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * The fingerprint of a side, from the results of the run, or made now.
 * @throws BackfillError `no-such-track`, `no-such-run`, `no-runs`, `no-fingerprint`, `unsupported-source`,
 * `program-missing`
 */
export async function readSide(name: SideName, sources: SideSources): Promise<ReadSide> {
  if (name.kind === 'track') {
    const { row, runId } = await storedRow(name, sources);
    return sideOf(row, { kind: 'track', trackId: name.trackId, runId });
  }
  return sideOf(await rowMadeNow(name.source, sources), { kind: 'file', source: name.source });
}

function sideOf(row: JsonRow, origin: SideOrigin): ReadSide {
  if (typeof row['fingerprint'] !== 'string' || typeof row['duration_s'] !== 'number') {
    const [version, trackId] = [row['version'] as string, row['track_id'] as string];
    throw usageError(
      'no-fingerprint',
      `what version ${version} of fingerprint stored of track '${trackId}' can not be compared`,
      { hint: 'backfill run manifest.csv -a fingerprint makes fingerprints of this version' },
    );
  }
  const { algorithm, codes } = decompressFingerprint(Buffer.from(row['fingerprint'], 'base64url'));
  const durationSeconds = row['duration_s'];
  return { side: { ...origin, durationSeconds, distinctCodes: new Set(codes).size }, algorithm, codes };
}

async function storedRow(
  { trackId, said }: SideName & { readonly kind: 'track' },
  sources: SideSources,
): Promise<{ readonly row: JsonRow; readonly runId: string }> {
  const { store, run } = await sources.openRun().catch((error: unknown) => explainName(error, trackId, said));
  const runId = run.record.run;
  const { algorithms } = run.record.settings;
  if (!algorithms.some(({ name }) => name === fingerprint.name)) {
    const computed = algorithms.map(({ name }) => name).join(', ');
    throw usageError('no-fingerprint', `run ${runId} has no fingerprints: it is of ${computed}`, {
      hint: '--run names another run; backfill run manifest.csv -a fingerprint makes fingerprints',
    });
  }
  const rows = await Array.fromAsync(getTrack(store, run, trackId)).catch((error: unknown) =>
    explainName(error, trackId, said),
  );
  const row = rows.find(({ algorithm }) => algorithm === fingerprint.name);
  if (row === undefined || row['pending'] === true) {
    throw usageError('no-fingerprint', `run ${runId} has no fingerprint of track '${trackId}' yet`, {
      hint: `backfill status ${runId} shows how far it is`,
    });
  }
  if (row['code'] !== undefined) {
    throw usageError(
      'no-fingerprint',
      `track '${trackId}' has no fingerprint: it failed in run ${runId}: ${row['code'] as string}: ${row['message'] as string}`,
    );
  }
  return { row, runId };
}

/** A name that is neither a file nor a track is wrong as both. */
function explainName(error: unknown, trackId: string, said: boolean): never {
  const { code, message } = error as BackfillError;
  if (said || !['no-such-track', 'no-such-run', 'no-runs'].includes(code)) throw error;
  throw usageError(code, `there is no file '${trackId}', and as a track: ${message}`, {
    cause: error,
    hint: 'name a file, or a track_id of a run; --run and --store say which run',
  });
}

async function rowMadeNow(source: string, sources: SideSources): Promise<JsonRow> {
  await requirePrograms([fingerprint]);
  try {
    return await tryAlgorithm({
      algorithm: fingerprint,
      source,
      lyrics: undefined,
      language: undefined,
      outputDirectory: '.',
      maxSourceBytes: Number.MAX_SAFE_INTEGER,
      maxDurationSeconds: sources.maxDurationSeconds,
      openSources: sources.openSources,
      signal: sources.signal,
    });
  } catch (error) {
    if (!(error instanceof TrackFailure)) throw error;
    const fault = FAILURE_MEANINGS[error.code].transient ? environmentError : usageError;
    throw fault(
      'no-fingerprint',
      `no fingerprint can be made of ${source}: ${error.code}: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}
