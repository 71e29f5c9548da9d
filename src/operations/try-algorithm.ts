import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { TrackFailure } from '../failures.ts';
import type { JsonRow } from '../results/columns.ts';
import { TrackPipeline, renditionFileName } from '../worker/track-pipeline.ts';

export interface TryOptions {
  readonly algorithm: Algorithm;
  /** The audio file; with an algorithm over lyrics, the lyrics. */
  readonly path: string;
  readonly lyricsPath: string | undefined;
  readonly language: string | undefined;
  /** Where renditions are put. */
  readonly outputDirectory: string;
  readonly maxSourceBytes: number;
  readonly maxDurationSeconds: number;
  readonly signal: AbortSignal;
}

/**
 * Works one file with one algorithm, exactly as a worker does, and stores nothing but renditions.
 * @returns the presented row: track_id (the file's name), algorithm, version and the result's fields
 * @throws TrackFailure
 */
export async function tryAlgorithm(options: TryOptions): Promise<JsonRow> {
  const { algorithm, signal } = options;
  const path = resolve(options.path);
  const trackId = basename(path);
  const lyricsOnly = algorithm.input.kind === 'lyrics';
  const lyricsUri =
    options.lyricsPath === undefined ? (lyricsOnly ? path : undefined) : resolve(options.lyricsPath);
  const scratchDirectory = await mkdtemp(join(tmpdir(), 'backfill-scratch-try-'));
  try {
    const pipeline = new TrackPipeline({
      base: process.cwd(),
      maxSourceBytes: options.maxSourceBytes,
      maxDurationSeconds: options.maxDurationSeconds,
      scratchDirectory,
      storeRendition: async ({ file }) => {
        await mkdir(options.outputDirectory, { recursive: true });
        const target = resolve(options.outputDirectory, `${trackId}.${renditionFileName(file)}`);
        await copyFile(file.path, target);
        return pathToFileURL(target).href;
      },
    });
    const track = {
      trackId,
      audioUri: pathToFileURL(path).href,
      durationSeconds: undefined,
      lyricsUri,
      language: options.language,
      extra: {},
    };
    const audio = lyricsOnly
      ? ({ kind: 'failed', failure: new TrackFailure('source-missing', 'not looked at') } as const)
      : await pipeline.checkAudio(track);
    const [outcome] = await pipeline.work(track, [algorithm], audio, signal);
    if (outcome?.kind !== 'succeeded') {
      throw new TrackFailure(outcome?.code ?? 'algorithm-error', outcome?.message ?? 'there is no outcome');
    }
    const { name, version } = algorithm;
    return { track_id: trackId, algorithm: name, version, ...algorithm.present(outcome.row) };
  } finally {
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}
