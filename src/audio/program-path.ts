/** Where the programs are that decode, encode and fingerprint, and what to install where they are not. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { environmentError } from '../errors.ts';

export type Program = 'ffmpeg' | 'ffprobe' | 'fpcalc';

/** The package that brings a program, by package manager. scripts/set-up.js goes by it too. */
export const PACKAGES: Readonly<Record<Program, { apt: string; dnf: string; brew: string }>> = {
  ffmpeg: { apt: 'ffmpeg', dnf: 'ffmpeg', brew: 'ffmpeg' },
  ffprobe: { apt: 'ffmpeg', dnf: 'ffmpeg', brew: 'ffmpeg' },
  fpcalc: { apt: 'libchromaprint-tools', dnf: 'chromaprint-tools', brew: 'chromaprint' },
};

const found = new Map<string, string>();

/** The command that installs `program` here: by Homebrew on macOS, else by apt and by dnf. */
export function installHint(program: Program): string {
  const { apt, dnf, brew } = PACKAGES[program];
  return process.platform === 'darwin'
    ? `brew install ${brew}`
    : `apt-get install -y ${apt} (Debian, Ubuntu) or dnf install -y ${dnf} (Fedora)`;
}

/** The path of an executable called `name` in PATH, or undefined. A hit is remembered, a miss is not. */
export async function findExecutable(name: string): Promise<string | undefined> {
  const known = found.get(name);
  if (known !== undefined) return known;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, name);
    try {
      await access(path, constants.X_OK);
    } catch {
      continue;
    }
    found.set(name, path);
    return path;
  }
  return undefined;
}

/** Has an executable looked for again: it was not where it had been found. */
export function forgetExecutable(name: string): void {
  found.delete(name);
}

/** As {@link findExecutable}; a missing program is an environment error that says what to install. */
export async function requireProgram(program: Program): Promise<string> {
  const path = await findExecutable(program);
  if (path === undefined) {
    throw environmentError('program-missing', `${program} is not in PATH`, { hint: installHint(program) });
  }
  return path;
}
