/**
 * Why a track failed in an algorithm: stable codes that a person can look up, a query can count and
 * `retry-failed --code` can choose by. A code never changes its meaning; new ones are added at the end.
 */

interface FailureMeaning {
  /** Whether trying again, with nothing mended, can help. */
  readonly transient: boolean;
  /** One line for the operating guide and `backfill status`. */
  readonly meaning: string;
}

export type FailureCode =
  | 'source-missing'
  | 'source-denied'
  | 'source-not-a-file'
  | 'source-empty'
  | 'source-too-large'
  | 'source-unreadable'
  | 'unsupported-format'
  | 'no-audio-stream'
  | 'decode-failed'
  | 'too-short'
  | 'too-long'
  | 'silent'
  | 'no-lyrics'
  | 'lyrics-missing'
  | 'lyrics-unreadable'
  | 'language-unsupported'
  | 'timeout'
  | 'crashed'
  | 'out-of-memory'
  | 'encode-failed'
  | 'scratch-full'
  | 'algorithm-error'
  | 'source-changed'
  | 'source-archived';

export const FAILURE_MEANINGS: Readonly<Record<FailureCode, FailureMeaning>> = {
  'source-missing': { transient: false, meaning: 'the audio file does not exist' },
  'source-denied': { transient: false, meaning: 'the audio file may not be read' },
  'source-not-a-file': { transient: false, meaning: 'the audio path names a folder, pipe or device' },
  'source-empty': { transient: false, meaning: 'the audio file has no bytes' },
  'source-too-large': { transient: false, meaning: 'the audio file is larger than --max-source-bytes' },
  'source-unreadable': { transient: true, meaning: 'reading the audio or the lyrics broke off' },
  'unsupported-format': { transient: false, meaning: 'the file is not audio in a format that is decoded' },
  'no-audio-stream': { transient: false, meaning: 'the file is media, but holds no audio' },
  'decode-failed': { transient: false, meaning: 'the audio is damaged or ends too early' },
  'too-short': { transient: false, meaning: 'less audio than the algorithm needs' },
  'too-long': { transient: false, meaning: 'more audio than --max-duration allows' },
  silent: {
    transient: false,
    meaning: 'nothing to be heard: nothing above -70 dBFS, or only silence in its fingerprint',
  },
  'no-lyrics': { transient: false, meaning: 'the manifest names no lyrics for the track' },
  'lyrics-missing': { transient: false, meaning: 'the lyrics file does not exist' },
  'lyrics-unreadable': { transient: false, meaning: 'the lyrics file can not be read as text' },
  'language-unsupported': { transient: false, meaning: 'the language is none that the algorithm knows' },
  timeout: { transient: true, meaning: 'the track took longer than its time limit' },
  crashed: { transient: false, meaning: 'the worker died twice while it worked on the track' },
  'out-of-memory': { transient: true, meaning: 'the worker ran out of memory on the track' },
  'encode-failed': { transient: false, meaning: 'an encoder refused the audio' },
  'scratch-full': { transient: true, meaning: 'the scratch disk was full' },
  'algorithm-error': { transient: false, meaning: 'the algorithm broke: a bug worth reporting' },
  'source-changed': {
    transient: true,
    meaning: 'the audio or lyrics in S3 were replaced while they were read',
  },
  'source-archived': {
    transient: false,
    meaning: 'the audio or lyrics in S3 are archived, to be restored first',
  },
};

/** All failure codes, in the order of the table above. */
export const FAILURE_CODES: readonly FailureCode[] = Object.keys(FAILURE_MEANINGS) as FailureCode[];

/** Whether `code` is one of {@link FAILURE_CODES}. */
export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(FAILURE_MEANINGS, code);
}

/**
 * One track's failure in one or more algorithms. Thrown by fetching, decoding and algorithms; caught by
 * the track pipeline, which records it. Anything else that is thrown there is recorded as
 * `algorithm-error`.
 *
 * The message is lower case, names what was wrong, and holds no path of the worker's own scratch folder.
 */
export class TrackFailure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TrackFailure';
    this.code = code;
  }
}
