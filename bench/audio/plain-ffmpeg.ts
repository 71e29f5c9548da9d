import { readdir, rm } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Encoding, SourceInfo } from '../../src/algorithms/algorithm.ts';
import { encodedLayout, encoderOptions, muxerName } from '../../src/audio/encoder-options.ts';
import { type CommandFigures, timeCommand } from '../harness/command.ts';
import { CONCURRENCY } from './run-catalogue.ts';
import type { Recording } from './recordings.ts';

/**
 * GNU parallel, one ffmpeg a recording with a file for each encoding: what one would write by hand, with our options
 * of the encoders and nothing else of ours.
 *
 * @param measuring whether a further output measures loudness (EBU R128 with true peak), as our rows tell it
 */
export async function parallelFfmpeg(
  recordings: readonly Recording[],
  encodings: readonly Encoding[],
  options: { readonly scratch: string; readonly measuring: boolean },
): Promise<CommandFigures> {
  const folder = await mkdtemp(join(options.scratch, 'by-hand-'));
  const figures = await timeCommand({
    program: 'parallel',
    // biome-ignore format: options with their values
    arguments: [
      '--will-cite', '-0', `-j${CONCURRENCY}`, '--plain',
      'ffmpeg', '-nostdin', '-v', 'error', '-y', '-i', '{}',
      ...encodings.flatMap((encoding) => [
        '-map', '0:a:0', '-ar', String(encodedLayout(encoding, SOURCE).sampleRate),
        ...encoderOptions(encoding, SOURCE).flat(),
        '-f', muxerName(encoding), join(folder, `{#}-${encoding.name}.${encoding.container}`),
      ]),
      ...(options.measuring ? ['-map', '0:a:0', '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'] : []),
    ],
    input: recordings.map(({ path }) => path).join('\0'),
  });
  const made = (await readdir(folder)).length;
  if (made !== recordings.length * encodings.length) throw new Error(`ffmpeg made ${made} files`);
  await rm(folder, { recursive: true });
  return figures;
}

/** What the recordings are taken for: lossy, at the most common rate. */
const SOURCE: SourceInfo = {
  container: 'ogg',
  codec: 'vorbis',
  sampleRate: 44100,
  channels: 2,
  bitrate: undefined,
  bitsPerSample: undefined,
  durationSeconds: undefined,
};
