import { readFile } from 'node:fs/promises';
import { parseLadder } from '../algorithms/transcode/ladder-file.ts';
import { LADDER_PRESETS, type Ladder } from '../algorithms/transcode/ladder.ts';
import { reasonOf, usageError } from '../errors.ts';

/**
 * The ladder that a user names: a preset, or a JSON file.
 * @throws BackfillError `ladder-unreadable`, and what {@link parseLadder} throws
 */
export async function readLadder(nameOrPath: string): Promise<Ladder> {
  if (Object.hasOwn(LADDER_PRESETS, nameOrPath)) {
    return LADDER_PRESETS[nameOrPath as keyof typeof LADDER_PRESETS];
  }
  let json: string;
  try {
    json = await readFile(nameOrPath, 'utf8');
  } catch (error) {
    const presets = Object.keys(LADDER_PRESETS).join(', ');
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const problem = missing ? 'there is no such file' : `the file can not be read: ${reasonOf(error)}`;
    const message = `the ladder '${nameOrPath}' is no preset (${presets}), and ${problem}`;
    throw usageError('ladder-unreadable', message, { cause: error });
  }
  return parseLadder(json, nameOrPath);
}
