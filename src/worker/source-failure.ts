import { TrackFailure } from '../failures.ts';
import { SourceObjectError } from '../store/source-objects.ts';
import type { SourceRole } from './local-source.ts';

/** Out of room: on the disk, or of what this user may have of it. */
const NO_SPACE: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/**
 * What a track's failure is, where its source in S3 could not be read.
 *
 * @param uri as messages name it
 * @returns undefined where the error is not the track's: an abort, missing credentials
 */
export function sourceFailure(
  error: unknown,
  source: { readonly uri: string; readonly role: SourceRole; readonly maxBytes: number },
): TrackFailure | undefined {
  const { uri, role, maxBytes } = source;
  const options = { cause: error };
  if (ranOutOfSpace(error)) {
    return new TrackFailure('scratch-full', `the scratch disk was full while ${uri} was fetched`, options);
  }
  if (!(error instanceof SourceObjectError)) return undefined;
  const isAudio = role === 'audio';
  switch (error.problem) {
    case 'missing':
      return new TrackFailure(isAudio ? 'source-missing' : 'lyrics-missing', `there is no ${uri}`, options);
    case 'denied':
      // docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions": 403 also for what does not exist.
      return new TrackFailure(
        isAudio ? 'source-denied' : 'lyrics-unreadable',
        `${uri} may not be read: allow s3:GetObject on it (and s3:ListBucket, without which a missing object counts as denied)`,
        options,
      );
    case 'too-large':
      return new TrackFailure(
        isAudio ? 'source-too-large' : 'lyrics-unreadable',
        `${uri} is over the limit of ${maxBytes} bytes`,
        options,
      );
    case 'changed':
      return new TrackFailure('source-changed', `${uri} was replaced while it was read`, options);
    case 'archived':
      return new TrackFailure(
        'source-archived',
        `${uri} is archived: restore it first (aws s3api restore-object)`,
        options,
      );
    case 'unreadable':
      return new TrackFailure('source-unreadable', `reading ${uri} broke off: ${error.message}`, options);
  }
}

/** A disk that is full may hide behind what the reader of the object made of it. */
function ranOutOfSpace(error: unknown): boolean {
  for (let thrown = error; thrown instanceof Error; thrown = thrown.cause) {
    if (NO_SPACE.includes((thrown as NodeJS.ErrnoException).code)) return true;
  }
  return false;
}
