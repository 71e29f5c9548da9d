/** What ffmpeg and ffprobe say of a file, asked apart from the product. */
import { runReference } from '../harness/reference-program.ts';

const QUIET = ['-nostdin', '-hide_banner', '-nostats'];
const FIRST_AUDIO = ['-map', '0:a:0'];

/** Loudness by EBU R128; undefined where there is none to measure. */
export interface ReferenceLoudness {
  /** LUFS. */
  readonly integrated: number | undefined;
  /** LU. */
  readonly range: number | undefined;
  /** dBTP. */
  readonly truePeak: number | undefined;
}

/** Seconds that a player plays, and the bits a second of the audio packets alone: no tags, no cover, no container. */
export interface ReferenceStream {
  readonly seconds: number;
  readonly bitrate: number;
}

export async function measureLoudness(path: string, signal: AbortSignal): Promise<ReferenceLoudness> {
  const filter = ['-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'];
  const { stderr } = await runReference(
    'ffmpeg',
    [...QUIET, '-i', `file:${path}`, ...FIRST_AUDIO, ...filter],
    { signal },
  );
  const summary = stderr.slice(stderr.lastIndexOf('Summary:'));
  const figure = (pattern: RegExp): number | undefined => {
    const found = Number(pattern.exec(summary)?.[1]);
    return Number.isFinite(found) ? found : undefined;
  };
  return {
    integrated: figure(/I:\s+(\S+) LUFS/),
    range: figure(/LRA:\s+(\S+) LU/),
    truePeak: figure(/Peak:\s+(\S+) dBFS/),
  };
}

/** Decodes all of it and counts, as a player does that honours what encoders note on their padding. */
export async function measureStream(path: string, signal: AbortSignal): Promise<ReferenceStream> {
  const counted = ['-af', 'ashowinfo', '-f', 'null', '-'];
  const { stderr } = await runReference(
    'ffmpeg',
    [...QUIET, '-i', `file:${path}`, ...FIRST_AUDIO, ...counted],
    { signal },
  );
  let seconds = 0;
  for (const [, rate, samples] of stderr.matchAll(/ rate:(\d+) nb_samples:(\d+)/g)) {
    seconds += Number(samples) / Number(rate);
  }
  const { stdout } = await runReference(
    'ffprobe',
    [
      '-v',
      'error',
      '-select_streams',
      'a:0',
      '-show_entries',
      'packet=size',
      '-of',
      'csv=p=0',
      `file:${path}`,
    ],
    { signal },
  );
  const bytes = stdout
    .split('\n')
    .map((line) => Number.parseInt(line, 10) || 0)
    .reduce((sum, size) => sum + size, 0);
  return { seconds, bitrate: (8 * bytes) / seconds };
}

/** MD5 of the decoded samples, as `bits` bits each. */
export async function sampleDigest(path: string, bits: 16 | 24, signal: AbortSignal): Promise<string> {
  const digest = ['-c:a', `pcm_s${bits}le`, '-f', 'md5', '-'];
  const { stdout } = await runReference(
    'ffmpeg',
    [...QUIET, '-v', 'error', '-i', `file:${path}`, ...FIRST_AUDIO, ...digest],
    { signal },
  );
  return stdout.trim();
}

/** Bits of a FLAC file's samples. */
export async function flacBits(path: string, signal: AbortSignal): Promise<16 | 24> {
  const entries = ['-select_streams', 'a:0', '-show_entries', 'stream=bits_per_raw_sample', '-of', 'csv=p=0'];
  const { stdout } = await runReference('ffprobe', ['-v', 'error', ...entries, `file:${path}`], { signal });
  return Number.parseInt(stdout, 10) > 16 ? 24 : 16;
}
