/** Real recordings, whole and as short excerpts: two lengths tell what a track costs from what a second costs. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { Unavailable } from '../harness/benchmark.ts';
import type { LocalTrack } from './counted-shards.ts';

/** Tracks, and a manifest of them. */
export interface Recordings {
  readonly manifest: string;
  readonly tracks: readonly LocalTrack[];
}

/** Seconds of audio, as far as the first `most` seconds of each track. */
export function secondsOf({ tracks }: Recordings, most: number = Number.POSITIVE_INFINITY): number {
  return tracks.reduce((sum, { durationSeconds }) => sum + Math.min(most, durationSeconds), 0);
}

/**
 * Every so manieth recording of `folder`, by its manifest.csv.
 * @throws Unavailable where no folder was named, or its manifest has no durations
 */
export async function everyRecording(
  folder: string | undefined,
  step: number,
  scratch: string,
): Promise<Recordings> {
  if (folder === undefined) {
    throw new Unavailable('name recordings: --recordings DIR, a folder with a manifest.csv');
  }
  const rows = parse<Record<string, string>>(await readFile(join(folder, 'manifest.csv')), { columns: true });
  const tracks = rows
    .filter((_, index) => index % step === 0)
    .map(({ audio_uri = '', duration_s = '' }, index) => ({
      trackId: `track-${index}`,
      path: resolve(folder, audio_uri),
      durationSeconds: Number(duration_s),
    }));
  if (tracks.length === 0 || !tracks.every(({ durationSeconds }) => durationSeconds > 0)) {
    throw new Unavailable(`${join(folder, 'manifest.csv')} has to tell the duration_s of its recordings`);
  }
  return writeManifest(tracks, join(scratch, 'whole.csv'));
}

/** The same tracks from their middle, `seconds` of each, their streams copied as they are. */
export async function excerptsOf(
  { tracks }: Recordings,
  seconds: number,
  scratch: string,
): Promise<Recordings> {
  const folder = join(scratch, `excerpts-${seconds}`);
  await mkdir(folder);
  const excerpts: LocalTrack[] = [];
  for (const { trackId, path, durationSeconds } of tracks) {
    const excerpt = join(folder, `${trackId}${extname(path)}`);
    const start = String(Math.max(0, durationSeconds / 2 - seconds));
    const from = ['-ss', start, '-t', String(seconds), '-i', path];
    const into = ['-map', '0:a:0', '-c', 'copy', excerpt];
    await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', ...from, ...into]);
    excerpts.push({ trackId, path: excerpt, durationSeconds: Math.min(seconds, durationSeconds) });
  }
  return writeManifest(excerpts, join(scratch, `excerpts-${seconds}.csv`));
}

/** The first of them alone. */
export async function firstOf({ tracks }: Recordings, scratch: string): Promise<Recordings> {
  return writeManifest(tracks.slice(0, 1), join(scratch, 'first.csv'));
}

async function writeManifest(tracks: readonly LocalTrack[], manifest: string): Promise<Recordings> {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = tracks.map(({ trackId, path, durationSeconds }) =>
    [trackId, quoted(path), durationSeconds].join(','),
  );
  await writeFile(manifest, ['track_id,audio_uri,duration_s', ...rows, ''].join('\n'));
  return { manifest, tracks };
}
