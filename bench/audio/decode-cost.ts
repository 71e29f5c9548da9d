/** What a decode costs by itself: CPU of what one run over several algorithms does once, and runs of each do each. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hostileInputOptions, inputUrl } from '../../src/audio/hostile-input.ts';
import { type CommandFigures, timeCommand } from '../harness/command.ts';
import type { Recording } from './recordings.ts';

/** fpcalc exits so where its input ends before 120 s; xargs and sh pass it on. */
const FPCALC_ENDED_EARLY = [0, 3, 123];

/** CPU seconds of decoding the recordings whole: ffmpeg, opening them as we do, and dropping what it decodes. */
export async function wholeDecodes(recordings: readonly Recording[]): Promise<number> {
  let seconds = 0;
  for (const { path } of recordings) {
    const { cpuSeconds } = await timeCommand({
      program: 'ffmpeg',
      // biome-ignore format: options with their values
      arguments: [
        '-nostdin', '-v', 'error', ...hostileInputOptions(), '-i', inputUrl(path), '-map', '0:a:0', '-f', 'null', '-',
      ],
    });
    seconds += cpuSeconds;
  }
  return seconds;
}

/**
 * CPU seconds of decoding the first 120 s as a run of fingerprints alone does it: fpcalc with the file, less fpcalc
 * with the same beginning as samples.
 */
export async function beginningDecodes(recordings: readonly Recording[], scratch: string): Promise<number> {
  const folder = join(scratch, 'samples');
  await mkdir(folder, { recursive: true });
  let seconds = 0;
  for (const [index, { path }] of recordings.entries()) {
    const samples = join(folder, `${index}.raw`);
    const raw = ['-ac', '1', '-ar', '11025', '-f', 's16le', '-y', samples];
    await timeCommand({
      program: 'ffmpeg',
      arguments: ['-nostdin', '-v', 'error', '-i', path, '-t', '120', '-map', '0:a:0', ...raw],
    });
    const file = await fpcalc(path);
    const alone = await fpcalc('-format', 's16le', '-rate', '11025', '-channels', '1', samples);
    seconds += file.cpuSeconds - alone.cpuSeconds;
  }
  return seconds;
}

function fpcalc(...args: readonly string[]): Promise<CommandFigures> {
  return timeCommand({ program: 'fpcalc', arguments: args, accepted: FPCALC_ENDED_EARLY });
}
