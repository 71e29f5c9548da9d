import { resolve } from 'node:path';
import { usageError } from '../errors.ts';
import { homePath } from '../home-path.ts';
import { hasScheme, resolveSource } from './resolve-uri.ts';

/** How a manifest gets to stdin from where only other programs read. */
const FETCHING: readonly (readonly [scheme: RegExp, command: string])[] = [
  [/^s3:\/\//i, 'aws s3 cp URI -'],
  [/^https?:\/\//i, 'curl -fsSL URI'],
  [/^gs:\/\//i, 'gcloud storage cat URI'],
];
const FILE_URI = /^file:\//i;

/**
 * Where the manifest is that a user names, as an absolute path: a path, one that begins with `~/`, or a `file://` URI.
 * @throws BackfillError `manifest-missing` where it names no file of this machine
 */
export function manifestPath(named: string, workingDirectory: string): string {
  if (named === '') throw usageError('manifest-missing', 'the manifest has an empty name: name a CSV file');
  if (hasScheme(named) && !FILE_URI.test(named)) {
    const command = FETCHING.find(([scheme]) => scheme.test(named))?.[1];
    const hint =
      command === undefined
        ? 'copy it to a file, or write it to the stdin of backfill plan -'
        : `${command.replace('URI', `'${named}'`)} | backfill plan -`;
    throw usageError(
      'manifest-missing',
      `manifests are read from files and from stdin, and '${named}' is neither`,
      { hint },
    );
  }
  if (!FILE_URI.test(named)) return resolve(workingDirectory, homePath(named));
  const location = resolveSource(named, workingDirectory);
  if (location.kind === 'file') return location.path;
  const reason = location.kind === 'unsupported' ? location.reason : 'is no file';
  throw usageError('manifest-missing', `'${named}' ${reason}`);
}
