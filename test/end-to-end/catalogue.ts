import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A small catalogue of its own, in a folder of its own, with the store beside it. */
export interface Catalogue {
  readonly folder: string;
  readonly manifest: string;
  readonly store: string;
  readonly trackIds: readonly string[];
}

/**
 * Makes tracks that are quick to work: a few seconds of chords that differ from track to track.
 * @param seconds of each track
 */
export async function makeCatalogue(tracks: number, seconds = 6): Promise<Catalogue> {
  const folder = await mkdtemp(join(tmpdir(), 'backfill-test-'));
  await mkdir(join(folder, 'audio'));
  const trackIds = Array.from({ length: tracks }, (_, i) => `track-${String(i).padStart(3, '0')}`);
  await Promise.all(trackIds.map((id, i) => makeSong(join(folder, 'audio', `${id}.wav`), i, seconds)));
  const manifest = join(folder, 'manifest.csv');
  const rows = trackIds.map((id) => `${id},audio/${id}.wav,${seconds}`);
  await writeFile(manifest, ['track_id,audio_uri,duration_s', ...rows, ''].join('\n'));
  return { folder, manifest, store: join(folder, 'store'), trackIds };
}

/** A rising figure over a chord; `seed` shifts its pitch and its pace. */
export async function makeSong(path: string, seed: number, seconds: number): Promise<void> {
  const root = 160 * 2 ** ((seed % 24) / 24);
  const step = `floor(t*${2 + (seed % 5) * 0.5})`;
  const melody = `sin(2*PI*t*${root}*pow(2,mod(${step}*${3 + (seed % 7)},12)/12))`;
  const chord = `sin(2*PI*t*${root / 2})+sin(2*PI*t*${root * 0.75})`;
  await promisify(execFile)('ffmpeg', [
    '-nostdin',
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    `aevalsrc='0.3*${melody}+0.1*(${chord})':s=16000:d=${seconds}`,
    '-y',
    path,
  ]);
}

/** White noise, the same in every run: lossless encoders make nothing smaller of it. */
export async function makeNoise(path: string, seconds: number): Promise<void> {
  const noise = `anoisesrc=seed=1:sample_rate=44100:duration=${seconds}`;
  await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', noise, '-y', path]);
}
