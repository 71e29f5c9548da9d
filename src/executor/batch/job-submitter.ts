import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type ArrayJob, jobName } from '../../run/array-jobs.ts';
import { jobKey } from '../../run/keys.ts';
import { decodeRecord, encodeRecord } from '../../run/record-codec.ts';
import type { JobRecord } from '../../run/records.ts';
import { type ObjectStore, ObjectMissing, PreconditionFailed } from '../../store/object-store.ts';
import { type BatchApi, SubmissionUncertain, type SubmitJobRequest } from './batch-api.ts';
import { findJobsNamed } from './submitted-jobs.ts';

/** A job that was accepted may take a moment until Batch lists it: looked for again after so long. */
const LOOK_AGAIN_MILLISECONDS = 1000;

export interface JobSubmitterOptions {
  readonly api: BatchApi;
  readonly store: ObjectStore;
  readonly run: string;
  readonly submission: number;
  readonly queue: string;
  /**
   * After so long a job that was accepted is listed. (No page of AWS names a bound; what is doubled in spite
   * of it costs money and no result: workers of one shard fence each other off.)
   */
  readonly settleSeconds: number;
  /** ISO 8601. */
  readonly now: () => string;
}

/**
 * Submits the jobs of a submission, each once, whoever has tried before. SubmitJob has no client token: a
 * job whose answer was lost, or whose submitter died before it could write down the answer, may be there
 * or not. So the intent is written first; who comes upon an intent of somebody else looks for a job of that
 * name until it would be listed if it was there, and takes the intent over before submitting.
 *
 *     (none) --intend--> intended --submit--> submitted
 *                           |  ^
 *                           +--+ taken over, when the job is not found
 */
export class JobSubmitter {
  readonly #options: JobSubmitterOptions;
  readonly #claim = randomUUID();

  constructor(options: JobSubmitterOptions) {
    this.#options = options;
  }

  /**
   * Makes sure that a job is submitted.
   *
   * @param request made when it is needed
   * @param signal aborted: leaves before the next call; the intent stays for whoever resumes
   * @returns the job's id
   */
  async ensure(job: ArrayJob, request: () => SubmitJobRequest, signal: AbortSignal): Promise<string> {
    for (;;) {
      signal.throwIfAborted();
      const found = await this.#read(job);
      if (found === undefined) {
        const etag = await this.#swap(this.#record(job, 'intended'), undefined);
        if (etag !== undefined) return await this.#submit(job, request(), etag, signal);
        continue;
      }
      const { record, etag } = found;
      if (record.state === 'submitted' && record.jobId !== undefined) return record.jobId;
      const jobId = await this.#search(job, signal);
      if (jobId !== undefined) {
        if ((await this.#swap(this.#record(job, 'submitted', jobId), etag)) !== undefined) return jobId;
        continue;
      }
      const taken = await this.#swap(this.#record(job, 'intended'), etag);
      if (taken !== undefined) return await this.#submit(job, request(), taken, signal);
    }
  }

  async #submit(
    job: ArrayJob,
    request: SubmitJobRequest,
    intent: string,
    signal: AbortSignal,
  ): Promise<string> {
    const { api } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      let jobId: string | undefined;
      try {
        ({ jobId } = await api.submitJob(request));
      } catch (error) {
        if (!(error instanceof SubmissionUncertain)) throw error;
        jobId = await this.#search(job, signal);
      }
      if (jobId === undefined) continue;
      if ((await this.#swap(this.#record(job, 'submitted', jobId), intent)) !== undefined) return jobId;
      return this.#yield(job, jobId, signal);
    }
  }

  /** Somebody took the intent for abandoned: whose job is written down first stays, the other is one too many. */
  async #yield(job: ArrayJob, mine: string, signal: AbortSignal): Promise<string> {
    for (;;) {
      signal.throwIfAborted();
      const found = await this.#read(job);
      const theirs = found?.record.jobId;
      if (theirs === mine) return mine;
      if (theirs !== undefined) {
        await this.#options.api.terminateJob(mine, 'submitted twice: the other one stays');
        return theirs;
      }
      if ((await this.#swap(this.#record(job, 'submitted', mine), found?.etag)) !== undefined) return mine;
    }
  }

  /** Looks for the job by its name, until it would have to be listed. */
  async #search({ job }: ArrayJob, signal: AbortSignal): Promise<string | undefined> {
    const { api, queue, run, submission, settleSeconds } = this.#options;
    const deadline = performance.now() + settleSeconds * 1000;
    for (;;) {
      const [found] = await findJobsNamed(api, queue, jobName(run, submission, job));
      if (found !== undefined) return found;
      if (performance.now() > deadline) return undefined;
      await delay(LOOK_AGAIN_MILLISECONDS, undefined, { signal });
    }
  }

  async #read({ job }: ArrayJob): Promise<{ readonly record: JobRecord; readonly etag: string } | undefined> {
    const { run, submission } = this.#options;
    return readJobRecord(this.#options.store, run, submission, job);
  }

  /** @returns the new etag; undefined where somebody else was quicker */
  async #swap(record: JobRecord, over: string | undefined): Promise<string | undefined> {
    const { run, submission, job } = record;
    try {
      const condition = over === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: over };
      const { etag } = await this.#options.store.put(
        jobKey(run, submission, job),
        encodeRecord(record),
        condition,
      );
      return etag;
    } catch (error) {
      if (error instanceof PreconditionFailed) return undefined;
      throw error;
    }
  }

  #record({ job }: ArrayJob, state: JobRecord['state'], jobId?: string): JobRecord {
    const { run, submission, now } = this.#options;
    return {
      schema: 1,
      kind: 'job',
      run,
      submission,
      job,
      state,
      claim: this.#claim,
      ...(jobId === undefined ? {} : { jobId }),
      updatedAt: now(),
    };
  }
}

/** Reads a job's record; undefined where nobody has meant to submit it yet. */
export async function readJobRecord(
  store: ObjectStore,
  run: string,
  submission: number,
  job: number,
): Promise<{ readonly record: JobRecord; readonly etag: string } | undefined> {
  const key = jobKey(run, submission, job);
  try {
    const { bytes, etag } = await store.get(key);
    return { record: decodeRecord('job', key, bytes, { run, submission, job }), etag };
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}
