import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { cutArrayJobs } from '../../run/array-jobs.ts';
import type { BatchExecution } from '../../run/records.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import { submissionUri } from '../../worker/assignment.ts';
import { listDoneMarkers } from '../../worker/done-markers.ts';
import type { Execution, Executor, ExecutorSubmission, GivenUpShard } from '../executor.ts';
import type { BatchApi } from './batch-api.ts';
import { readChildEndings } from './child-endings.ts';
import { type JobLogs, tailOfChild } from './job-logs.ts';
import { jobRequest } from './job-request.ts';
import { JobSubmitter } from './job-submitter.ts';
import { findDefinition } from './settle-execution.ts';
import { type JobsView, type SubmittedJob, viewJobs } from './submitted-jobs.ts';

/** SubmitJob calls under way at a time; the API's own pace bounds them further. */
const SUBMISSIONS_IN_FLIGHT = 4;

/** The last words of so many failed workers are fetched. */
const TROUBLES_TOLD = 3;

export interface BatchExecutorOptions {
  readonly api: BatchApi;
  readonly logs: JobLogs;
  readonly store: ObjectStore;
  /** Between looks at Batch. */
  readonly pollSeconds: number;
  /** After so long a job that was accepted is listed. */
  readonly settleSeconds: number;
}

/**
 * Runs workers as children of array jobs. This process submits and watches; the jobs need it for neither,
 * and whoever executes the same submission again finds the jobs that are there.
 */
export class BatchExecutor implements Executor {
  readonly outlives: boolean = true;
  readonly #options: BatchExecutorOptions;

  constructor(options: BatchExecutorOptions) {
    this.#options = options;
  }

  async execute(submission: ExecutorSubmission): Promise<Execution> {
    const leave = AbortSignal.any([submission.drain, submission.stop]);
    try {
      const jobs = await this.#submit(submission, leave);
      if (submission.detach) return { finished: 0, gaveUp: [], underWay: true };
      try {
        const view = await this.#watch(submission, jobs, leave);
        return await this.#conclude(submission, jobs, view, await this.#finishedShards(submission));
      } catch (error) {
        // Credentials that last an hour, say, of a run that lasts a day.
        if (!leave.aborted) submission.onNotice('the jobs go on, but can not be watched any more:');
        throw error;
      }
    } catch (error) {
      if (leave.aborted) return { finished: 0, gaveUp: [], underWay: true };
      throw error;
    }
  }

  async #submit(
    { record, entries, onNotice }: ExecutorSubmission,
    leave: AbortSignal,
  ): Promise<SubmittedJob[]> {
    const { api, store, settleSeconds } = this.#options;
    const { run, submission } = record;
    const execution = record.executor as BatchExecution;
    const { target, queue } = execution;
    const jobs = cutArrayJobs(entries.length, target.arraySize);
    const definition = await findDefinition(api, execution.definition, target.region);
    const now = () => new Date().toISOString();
    const submitter = new JobSubmitter({ api, store, run, submission, queue, settleSeconds, now });
    const limit = pLimit(SUBMISSIONS_IN_FLIGHT);
    const submitted = await Promise.all(
      jobs.map((job) =>
        limit(async () => {
          const request = () =>
            jobRequest({
              run,
              submission,
              job,
              uri: submissionUri({ storeUri: store.uri, run, submission, first: job.first }),
              execution,
              definition,
              entries: entries.slice(job.first, job.first + job.size),
            });
          return { ...job, jobId: await submitter.ensure(job, request, leave) };
        }),
      ),
    );
    const [first] = submitted;
    onNotice(
      `${entries.length === 1 ? '1 shard is' : `${entries.length} shards are`} on ${queue}, as ${jobs.length === 1 ? `job ${first?.jobId}` : `${jobs.length} jobs`}`,
    );
    return submitted;
  }

  /** Looks at the jobs until none of them can change any more, and returns what it saw last. */
  async #watch(
    submission: ExecutorSubmission,
    jobs: readonly SubmittedJob[],
    leave: AbortSignal,
  ): Promise<JobsView> {
    const { api, pollSeconds, settleSeconds } = this.#options;
    const began = performance.now();
    let waiting: string | undefined;
    for (;;) {
      leave.throwIfAborted();
      const view = await viewJobs(api, jobs);
      submission.onWorkers(view.children, view.children.RUNNING ?? 0);
      if (view.waiting !== waiting && view.waiting !== undefined) {
        submission.onNotice(`nothing starts: ${view.waiting}`);
      }
      waiting = view.waiting;
      const mayAppear = view.unknown.length > 0 && performance.now() - began < settleSeconds * 1000;
      if (!view.live && !mayAppear) return view;
      await delay(pollSeconds * 1000, undefined, { signal: leave });
    }
  }

  /** Compares what Batch has ended with what the store holds: the store has the last word. */
  async #conclude(
    submission: ExecutorSubmission,
    jobs: readonly SubmittedJob[],
    { known }: JobsView,
    finished: ReadonlySet<number>,
  ): Promise<Execution> {
    const { entries } = submission;
    const gaveUp: GivenUpShard[] = [];
    if (finished.size < entries.length) {
      for (const job of jobs) {
        const seen = known.find(({ jobId }) => jobId === job.jobId);
        const endings = seen === undefined ? undefined : await readChildEndings(this.#options.api, seen);
        for (let index = job.first; index < job.first + job.size; index++) {
          const { shard } = entries[index] as { readonly shard: number };
          if (finished.has(shard)) continue;
          const ending = endings?.get(index) ?? {
            cause: 'failed' as const,
            reason: seen === undefined ? 'Batch has forgotten its job' : 'its job ended without it',
          };
          gaveUp.push({ shard, ...ending });
          if (ending.cause === 'failed' && gaveUp.length <= TROUBLES_TOLD) {
            const message = await this.#withLastWords(job, index, ending.reason);
            submission.onTrouble({ shard, message });
          }
        }
      }
    }
    return { finished: finished.size, gaveUp, underWay: false };
  }

  /** The shards of a submission that the store holds results of. */
  async #finishedShards({ record, entries, onProgress }: ExecutorSubmission): Promise<ReadonlySet<number>> {
    const rowsOf = new Map(entries.map(({ shard, rows }) => [shard, rows]));
    const finished = new Set<number>();
    for await (const { shard, failed } of listDoneMarkers(this.#options.store, record.run)) {
      const rows = rowsOf.get(shard);
      if (rows === undefined || finished.has(shard)) continue;
      finished.add(shard);
      onProgress({ shard, rows, done: rows, failed });
    }
    return finished;
  }

  async #withLastWords(job: SubmittedJob, index: number, reason: string): Promise<string> {
    const { api, logs } = this.#options;
    const lines = await tailOfChild(api, logs, job, index).catch(() => undefined);
    return lines === undefined || lines.length === 0
      ? reason
      : `${reason}; it said last:\n    ${lines.join('\n    ')}`;
  }
}
