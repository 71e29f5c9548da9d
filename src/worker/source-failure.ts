import { type FailureCode, TrackFailure } from '../failures.ts';
import { isOutOfSpace } from '../system-failures.ts';
import { SourceObjectError, type SourceProblem } from '../store/source-objects.ts';
import type { SourceRole } from './local-source.ts';

const CODES: Readonly<Record<SourceRole, Readonly<Record<SourceProblem, FailureCode>>>> = {
  audio: {
    missing: 'source-missing',
    denied: 'source-denied',
    'too-large': 'source-too-large',
    changed: 'source-changed',
    archived: 'source-archived',
    unreadable: 'source-unreadable',
  },
  lyrics: {
    missing: 'lyrics-missing',
    denied: 'lyrics-unreadable',
    'too-large': 'lyrics-unreadable',
    changed: 'source-changed',
    archived: 'source-archived',
    // Not as lyrics-unreadable, which is for good: a network that breaks off mends itself.
    unreadable: 'source-unreadable',
  },
};

/**
 * What a track's failure is, where its source in S3 could not be read.
 *
 * @param source.uri as messages name it
 * @returns undefined where the error is not the track's: missing credentials, a network that is down
 */
export function sourceFailure(
  error: unknown,
  { uri, role }: { readonly uri: string; readonly role: SourceRole },
): TrackFailure | undefined {
  const options = { cause: error };
  // A disk that is full may hide behind what the reader of the object made of it.
  if (isOutOfSpace(error)) {
    return new TrackFailure('scratch-full', `the scratch disk was full while ${uri} was fetched`, options);
  }
  if (!(error instanceof SourceObjectError)) return undefined;
  return new TrackFailure(CODES[role][error.problem], error.message, options);
}
