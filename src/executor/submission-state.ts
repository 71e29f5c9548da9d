import type { SubmissionRecord } from '../run/records.ts';

/** What an executor tells of a submission whose end nobody has recorded. */
export interface SubmissionState {
  /** Whether its workers, or some of them, are at it or wait for their turn. */
  readonly live: boolean;
  /** Jobs that were meant to be submitted, and are not known to be. */
  readonly unsubmitted: number;
  /** Workers by their state, in the words of AWS Batch; undefined for local ones. */
  readonly children?: Readonly<Record<string, number>>;
  /** Why no worker starts, with a hint. */
  readonly waiting?: string;
  /** ISO 8601: when the last worker ended, where that is known. */
  readonly endedAt?: string;
  /**
   * Which process works it, where that can not be seen from here: on another machine, in another container. It is
   * taken to have ended then.
   */
  readonly unseen?: string;
  /** Why the executor could not be asked: the rest is a guess then. */
  readonly unasked?: string;
}

/** Asks the executor of a submission how it is. */
export type InspectSubmission = (record: SubmissionRecord) => Promise<SubmissionState>;
