import { homedir } from 'node:os';

/**
 * A path that begins with `~/`, which shells leave alone within quotes and behind `--option=`, as they would have
 * expanded it elsewhere.
 */
export function homePath(path: string): string {
  return path.replace(/^~(?=\/|$)/, homedir());
}
