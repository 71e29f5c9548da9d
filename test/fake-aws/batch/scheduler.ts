/**
 * Takes RUNNABLE jobs to where there is room, runs their attempts, and decides what follows.
 * Every transition is constant work, whatever the size of the arrays.
 * Sources: docs.aws.amazon.com/batch/latest/userguide/job_states.html, job_retries.html, job_timeouts.html,
 * job_env_vars.html, using_cloudwatch_logs.html.
 */
import { randomBytes } from 'node:crypto';
import { Attempt, type Cause } from './attempt.ts';
import type { Counters } from './counters.ts';
import { type Job, isArray, isFinished, moveTo } from './job.ts';
import { DEFAULT_LOG_GROUP, type LogStreams } from './log-streams.ts';
import type { Timings } from './options.ts';
import type { Queue } from './queue.ts';
import type { ReclaimHow, Reclaims } from './reclaims.ts';
import { type Ending, afterAttempt } from './retry-rules.ts';
import type { Runner } from './runner.ts';

export interface SchedulerParts {
  readonly queues: readonly Queue[];
  readonly vcpus: number;
  readonly runner: Runner;
  readonly logs: LogStreams;
  readonly environment: Readonly<Record<string, string>>;
  readonly timings: Required<Timings>;
  readonly counters: Counters;
  readonly changed: () => void;
}

/** What is set to happen to an attempt that runs: its reclaim, and its timeout. */
interface Life {
  readonly strike: NodeJS.Timeout | undefined;
  readonly timeout: NodeJS.Timeout | undefined;
}

/** The longest time that a timer takes. */
const MOST_TIMER = 2 ** 31 - 1;

export class Scheduler {
  /** Changes which attempts are reclaimed from now on. */
  reclaims: Reclaims | undefined;
  /** The jobs that have an attempt which is starting or running. */
  readonly active: Set<Job> = new Set();
  readonly #parts: SchedulerParts;
  readonly #queues: readonly Queue[];
  #free: number;
  #closed = false;

  constructor(parts: SchedulerParts, reclaims: Reclaims | undefined) {
    this.#parts = parts;
    this.#free = parts.vcpus;
    this.reclaims = reclaims;
    this.#queues = parts.queues.toSorted(
      (a, b) => (b.declaration.priority ?? 1) - (a.declaration.priority ?? 1),
    );
  }

  /** Makes a job that was submitted, or all children of an array job, RUNNABLE after the scheduling delay. */
  admit(job: Job): void {
    setTimeout(() => {
      for (const each of isArray(job) ? job.children : [job]) {
        if (each.status === 'SUBMITTED' || each.status === 'PENDING') this.#queueUp(each);
      }
      this.place();
    }, this.#parts.timings.schedulingMilliseconds).unref();
  }

  /** Starts what there is room for. A job at the head that has none keeps its queue waiting. */
  place(): void {
    if (this.#closed) return;
    for (const queue of this.#queues) {
      for (let job = queue.head(); job !== undefined; job = queue.head()) {
        if (this.#blocked(queue, job) !== undefined || job.spec.vcpus > this.#free) break;
        this.#start(job);
      }
    }
    this.#parts.changed();
  }

  /** Why Batch says that a RUNNABLE job stays so: told of the job at the head of a blocked queue alone. */
  blockedReason(job: Job): string | undefined {
    return job.status === 'RUNNABLE' && job.queue.head() === job ? this.#blocked(job.queue, job) : undefined;
  }

  /** Ends a job as TerminateJob does: what waits at once, what runs by signals. */
  terminate(job: Job, reason: string): void {
    if (isFinished(job)) return;
    job.terminated = reason;
    if (job.attempt === undefined) this.#finish(job, 'FAILED', reason);
    else job.attempt.stop({ kind: 'terminated', reason }, this.#parts.timings.graceMilliseconds);
  }

  /** Takes back a job that waits; one that has started goes on. */
  cancel(job: Job, reason: string): void {
    if (isFinished(job) || job.attempt !== undefined) return;
    job.cancelled = reason;
    this.#finish(job, 'FAILED', reason);
  }

  /** Takes the host away from under a job's attempt. Returns whether there was one that ran. */
  reclaim(job: Job, { hard, flavour }: ReclaimHow): boolean {
    const { attempt } = job;
    if (attempt?.startedAt === undefined || attempt.cause !== undefined) return false;
    const usual = job.queue.declaration.kind === 'FARGATE_SPOT' ? 'fargate' : 'host';
    const cause: Cause = { kind: 'reclaim', flavour: flavour ?? usual, instance: newInstance() };
    this.#parts.counters.reclaims += 1;
    if (hard) attempt.kill(cause);
    else attempt.stop(cause, this.#parts.timings.graceMilliseconds);
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#parts.runner.close();
  }

  #blocked(queue: Queue, job: Job): string | undefined {
    if (queue.stalled !== undefined) return queue.stalled;
    if (!queue.works) return 'ACTION_REQUIRED - CE(s) associated with the job queue are invalid.';
    if (job.spec.vcpus > this.#parts.vcpus) {
      return 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.';
    }
    return undefined;
  }

  #queueUp(job: Job): void {
    moveTo(job, 'RUNNABLE', Date.now());
    job.queue.push(job);
  }

  #start(job: Job): void {
    const { runner, changed } = this.#parts;
    moveTo(job, 'STARTING', Date.now());
    if (job.spec.cannotStart !== undefined) {
      this.#finish(job, 'FAILED', job.spec.cannotStart);
      return;
    }
    this.#free -= job.spec.vcpus;
    const id = randomBytes(16).toString('hex');
    const stream = this.#stream(job, id);
    const task = runner.start({
      id,
      container: job.spec.container,
      command: job.spec.command,
      environment: this.#environment(job),
      memoryMebibytes: job.spec.memoryMebibytes,
      log: (line) => {
        stream.open()(line);
        changed();
      },
    });
    const attempt = new Attempt(job.attempts.length + 1, task, stream.name);
    job.attempt = attempt;
    this.active.add(job);
    void this.#live(job, attempt, stream.open);
  }

  async #live(job: Job, attempt: Attempt, openStream: () => void): Promise<void> {
    let life: Life | undefined;
    const running = (): void => {
      if (life !== undefined || job.attempt !== attempt) return;
      openStream();
      life = this.#running(job, attempt);
    };
    void attempt.task.started.then(running);
    const end = await attempt.task.ended;
    // What has exited has run, though its start was not seen.
    if (end.exitCode !== undefined) running();
    clearTimeout(life?.timeout);
    clearTimeout(life?.strike);
    const survived = attempt.cause?.kind === 'reclaim' && end.exitCode === 0;
    if (survived) this.#parts.counters.survivedReclaims += 1;
    if (job.queue.isSpot && attempt.startedAt !== undefined && (attempt.cause === undefined || survived)) {
      this.reclaims?.ended(Date.now() - attempt.startedAt, life?.strike !== undefined);
    }
    this.#settle(job, attempt, attempt.settle(end));
  }

  #running(job: Job, attempt: Attempt): Life {
    const { counters, timings, changed } = this.#parts;
    const now = Date.now();
    attempt.startedAt = now;
    moveTo(job, 'RUNNING', now);
    counters.attempts += 1;
    changed();
    const planned = attempt.cause === undefined && job.queue.isSpot ? this.reclaims?.plan() : undefined;
    const seconds = job.spec.timeout?.attemptDurationSeconds;
    return {
      strike: planned && setTimeout(() => this.reclaim(job, planned), planned.afterMilliseconds),
      timeout:
        seconds === undefined
          ? undefined
          : setTimeout(
              () => this.#timeOut(attempt),
              Math.min(seconds * 1000 * timings.timeoutScale, MOST_TIMER),
            ),
    };
  }

  #timeOut(attempt: Attempt): void {
    if (attempt.cause !== undefined) return;
    this.#parts.counters.timeouts += 1;
    attempt.stop({ kind: 'timeout' }, this.#parts.timings.graceMilliseconds);
  }

  #settle(job: Job, attempt: Attempt, ending: Ending): void {
    const { counters } = this.#parts;
    job.attempt = undefined;
    this.active.delete(job);
    this.#free += job.spec.vcpus;
    const ran = attempt.startedAt !== undefined;
    const { exitCode, reason, statusReason } = ending;
    job.attempts.push({
      container: {
        ...(exitCode === undefined ? {} : { exitCode }),
        ...(reason === undefined ? {} : { reason }),
        ...(ran ? { logStreamName: attempt.logStreamName } : {}),
      },
      ...(ran ? { startedAt: attempt.startedAt } : {}),
      stoppedAt: Date.now(),
      statusReason,
    });
    if (reason?.startsWith('OutOfMemoryError')) counters.outOfMemory += 1;
    const next = afterAttempt(ending, {
      ended: job.terminated !== undefined || attempt.cause?.kind === 'timeout',
      attemptsUsed: job.attempts.length,
      strategy: job.spec.retryStrategy,
    });
    if (next === 'RUNNABLE') {
      counters.retries += 1;
      this.#queueUp(job);
    } else {
      this.#finish(job, next, job.terminated ?? statusReason);
    }
    this.place();
  }

  #finish(job: Job, status: 'SUCCEEDED' | 'FAILED', reason: string): void {
    moveTo(job, status, Date.now(), reason);
    this.#parts.counters[status === 'SUCCEEDED' ? 'succeeded' : 'failed'] += 1;
    this.#parts.changed();
  }

  #stream(job: Job, taskId: string): { name: string; open: () => (line: string) => void } {
    const options = job.spec.container.logConfiguration?.options;
    const prefix = options?.['awslogs-stream-prefix'] ?? job.spec.definition.jobDefinitionName.slice(0, 200);
    const name = `${prefix}/default/${taskId}`;
    let append: ((line: string) => void) | undefined;
    return {
      name,
      open: () => {
        append ??= this.#parts.logs.open(options?.['awslogs-group'] ?? DEFAULT_LOG_GROUP, name);
        return append;
      },
    };
  }

  #environment(job: Job): Record<string, string> {
    return {
      ...this.#parts.environment,
      ...job.spec.environment,
      AWS_BATCH_JOB_ID: job.id,
      AWS_BATCH_JOB_ATTEMPT: String(job.attempts.length + 1),
      AWS_BATCH_JQ_NAME: job.queue.name,
      AWS_BATCH_CE_NAME: job.queue.environments[0]?.computeEnvironmentName ?? '',
      ...(job.index === undefined || job.parent === undefined
        ? {}
        : {
            AWS_BATCH_JOB_ARRAY_INDEX: String(job.index),
            AWS_BATCH_JOB_ARRAY_SIZE: String(job.parent.children.length),
          }),
    };
  }
}

export function newInstance(): string {
  return `i-${randomBytes(9).toString('hex').slice(1)}`;
}
