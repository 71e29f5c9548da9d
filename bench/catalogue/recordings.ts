/** Real recordings, whole and as short excerpts: two lengths tell what a track costs from what a second costs. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { readRecordings, writeManifest } from '../audio/recordings.ts';
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
  const tracks = (await readRecordings(folder))
    .filter((_, index) => index % step === 0)
    .map((recording, index) => ({ ...recording, trackId: `track-${index}` }));
  return listed(tracks, join(scratch, 'whole.csv'));
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
  return listed(excerpts, join(scratch, `excerpts-${seconds}.csv`));
}

/** The first of them alone. */
export async function firstOf({ tracks }: Recordings, scratch: string): Promise<Recordings> {
  return listed(tracks.slice(0, 1), join(scratch, 'first.csv'));
}

async function listed(tracks: readonly LocalTrack[], manifest: string): Promise<Recordings> {
  return { manifest: await writeManifest(manifest, tracks), tracks };
}
