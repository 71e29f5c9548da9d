import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { environmentError, reasonOf, usageError } from '../errors.ts';
import { TrackFailure } from '../failures.ts';
import { hasS3Scheme, hasScheme, uriProblem } from '../manifest/resolve-uri.ts';
import { openNamedFile } from '../named-file.ts';
import type { JsonRow } from '../results/columns.ts';
import { presentedRow } from '../results/export.ts';
import { makeFolder } from '../store/make-folder.ts';
import type { SourceObjects } from '../store/source-objects.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { TrackPipeline, renditionFileName } from '../worker/track-pipeline.ts';

export interface TryOptions {
  readonly algorithm: Algorithm;
  /** The audio, a path or an `s3://` URI; with an algorithm over lyrics, the lyrics. */
  readonly source: string;
  /** The lyrics, named like the audio. */
  readonly lyrics: string | undefined;
  readonly language: string | undefined;
  /** Where renditions are put. */
  readonly outputDirectory: string;
  readonly maxSourceBytes: number;
  readonly maxDurationSeconds: number;
  /** Opens what `s3://` sources are read by. */
  readonly openSources: () => Promise<SourceObjects>;
  readonly signal: AbortSignal;
}

/**
 * Works one file with one algorithm, exactly as a worker does, and stores nothing but renditions.
 * @returns the presented row, as `results export` has it; `track_id` is the name of the file
 * @throws TrackFailure; BackfillError `unsupported-source`
 */
export async function tryAlgorithm(options: TryOptions): Promise<JsonRow> {
  const { algorithm, signal } = options;
  const audioUri = uriOf(options.source);
  const trackId = basename(hasS3Scheme(audioUri) ? audioUri : fileURLToPath(audioUri));
  const lyrics = options.lyrics ?? (algorithm.input.kind === 'lyrics' ? options.source : undefined);
  if (algorithm.input.kind === 'encodings') await makeOutputFolder(options.outputDirectory);
  const scratchDirectory = await makeTemporaryFolder('backfill-scratch-try-');
  try {
    const pipeline = new TrackPipeline({
      base: process.cwd(),
      maxSourceBytes: options.maxSourceBytes,
      maxDurationSeconds: options.maxDurationSeconds,
      scratchDirectory,
      openSources: options.openSources,
      storeRendition: async ({ file }) => {
        const target = resolve(options.outputDirectory, `${trackId}.${renditionFileName(file)}`);
        await (await openNamedFile(target)).write(createReadStream(file.path));
        return pathToFileURL(target).href;
      },
    });
    const track = {
      trackId,
      audioUri,
      durationSeconds: undefined,
      lyricsUri: lyrics === undefined ? undefined : uriOf(lyrics),
      language: options.language,
      extra: {},
    };
    const sources = await pipeline.fetch(track, [algorithm], signal);
    const [outcome] = await pipeline.work(track, [algorithm], sources, signal);
    if (outcome?.kind !== 'succeeded') {
      throw new TrackFailure(outcome?.code ?? 'algorithm-error', outcome?.message ?? 'there is no outcome');
    }
    const { sourceEtag, row } = outcome;
    const { name, version } = algorithm;
    return presentedRow({ trackId, sourceEtag, algorithm: name, version, fields: algorithm.present(row) });
  } finally {
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

/** Before the work: what can not be put anywhere need not be made. */
async function makeOutputFolder(path: string): Promise<void> {
  const found = await makeFolder(resolve(path)).then(
    () => stat(path),
    (error: unknown) => {
      const reason = reasonOf(error);
      throw environmentError('not-writable', `could not make the folder '${path}': ${reason}`, {
        cause: error,
      });
    },
  );
  if (!found.isDirectory()) {
    throw usageError('not-writable', `'${path}' is no folder`, { hint: 'name a folder for the renditions' });
  }
}

/** A path of the command line, whatever characters it has, or a URI, as a manifest would name it. */
function uriOf(source: string): string {
  if (source === '') throw usageError('unsupported-source', 'the file has an empty name');
  if (!hasScheme(source)) return pathToFileURL(resolve(source)).href;
  const problem = uriProblem(source);
  if (problem !== undefined) throw usageError('unsupported-source', `'${source}' ${problem}`);
  return source;
}
