import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A stand-in for ffmpeg that, given the poison, takes down who started it, and else is ffmpeg.
 *
 * @param options.kill the shell command that does it; $PPID is the attempt
 * @returns the environment to run backfill in, and the folder that gets a file for each death
 */
export async function ffmpegThatKills(options: {
  readonly folder: string;
  /** What the command line of a poisonous track has in it. */
  readonly poison: string;
  readonly kill: string;
}): Promise<{ readonly env: Readonly<Record<string, string>>; readonly deaths: string }> {
  const bin = join(options.folder, 'bin');
  const deaths = join(options.folder, 'deaths');
  await mkdir(bin);
  await mkdir(deaths);
  const script = `#!/bin/sh
case "$*" in *${options.poison}*) touch ${deaths}/$$; ${options.kill}; exit 1;; esac
PATH="\${PATH#*:}" exec ffmpeg "$@"
`;
  await writeFile(join(bin, 'ffmpeg'), script);
  await chmod(join(bin, 'ffmpeg'), 0o755);
  return { env: { PATH: `${bin}:${process.env['PATH']}` }, deaths };
}
