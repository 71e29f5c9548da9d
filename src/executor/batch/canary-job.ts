import { setTimeout as delay } from 'node:timers/promises';
import { type BatchApi, type JobDetail, SubmissionUncertain, type SubmitJobRequest } from './batch-api.ts';
import { describeEnding } from './child-endings.ts';
import { type Finding, bad, good } from './inspect-finding.ts';
import { type AttemptLog, type JobLogs, readAttemptLogs } from './job-logs.ts';
import { waitingReason } from './waiting-reason.ts';

const LINES_SHOWN = 6;
/** A job that is called back is waited for so long, so that nothing writes any more when its traces are removed. */
const FAREWELL_SECONDS = 60;

export interface CanaryJobOptions {
  readonly api: BatchApi;
  readonly logs: JobLogs;
  readonly request: SubmitJobRequest;
  readonly pollSeconds: number;
  readonly patienceSeconds: number;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

/** How a job went. */
export interface CanaryJob {
  readonly findings: readonly Finding[];
  /** Of its last attempt; undefined where none came to an end. */
  readonly exitCode: number | undefined;
  /** What its attempts took; undefined where none was started. */
  readonly vcpuSeconds: number | undefined;
  readonly vcpus: number;
}

/** Submits a job, follows it to its end, and tells how far it came; calls it back where that takes too long. */
export async function followCanary(options: CanaryJobOptions): Promise<CanaryJob> {
  const { api, request, onProgress } = options;
  const none = { exitCode: undefined, vcpuSeconds: undefined, vcpus: 1 };
  let jobId: string;
  try {
    ({ jobId } = await api.submitJob(request));
  } catch (error) {
    if (!(error instanceof SubmissionUncertain)) throw error;
    const look = `aws batch list-jobs --job-queue ${request.jobQueue} --filters name=JOB_NAME,values=${request.jobName}`;
    return { ...none, findings: [bad('canary job', error.message, `${look} shows whether; send it again`)] };
  }
  onProgress(
    `canary: job ${jobId} is on ${request.jobQueue}; it takes some minutes until a machine is there`,
  );
  const detail = await follow(jobId, options);
  if (detail === undefined || !hasEnded(detail)) {
    const why = await callBack(jobId, detail, options);
    return { ...none, findings: [bad('canary job', why.found, why.mend)] };
  }
  return assess(jobId, detail, options);
}

/** Looks at a job until it has ended, or patience has; a job that is left out of an answer is looked at again. */
async function follow(
  jobId: string,
  { api, pollSeconds, patienceSeconds, signal, onProgress }: CanaryJobOptions,
): Promise<JobDetail | undefined> {
  const began = performance.now();
  let detail: JobDetail | undefined;
  let told = '';
  while (!signal.aborted && performance.now() - began < patienceSeconds * 1000) {
    const [seen] = await api.describeJobs([jobId]);
    detail = seen ?? detail;
    if (detail !== undefined && hasEnded(detail)) return detail;
    const state = [detail?.status, waitingReason(detail?.statusReason)].filter(Boolean).join(': ');
    if (state !== told && state !== '') onProgress(`canary: ${state}`);
    told = state;
    await delay(pollSeconds * 1000, undefined, { signal }).catch(() => {});
  }
  return detail;
}

async function callBack(
  jobId: string,
  last: JobDetail | undefined,
  { api, pollSeconds, patienceSeconds, signal }: CanaryJobOptions,
): Promise<{ readonly found: string; readonly mend: string }> {
  const why = signal.aborted ? 'it was interrupted' : `it did not end within ${patienceSeconds} s`;
  await api.terminateJob(jobId, `backfill doctor: ${why}`);
  const began = performance.now();
  while (performance.now() - began < FAREWELL_SECONDS * 1000) {
    const [detail] = await api.describeJobs([jobId]);
    if (detail !== undefined && hasEnded(detail)) break;
    await delay(pollSeconds * 1000);
  }
  const state = [last?.status ?? 'not known yet', waitingReason(last?.statusReason)].filter(Boolean);
  return {
    found: `job ${jobId} was called back, since ${why}: ${state.join(': ')}`,
    mend: 'docs/aws-batch.md, "Nothing starts"',
  };
}

async function assess(jobId: string, detail: JobDetail, { api, logs }: CanaryJobOptions): Promise<CanaryJob> {
  const attempts = detail.attempts ?? [];
  const last = attempts.at(-1);
  const exitCode = detail.container?.exitCode ?? last?.container?.exitCode;
  const vcpus = Number(
    detail.container?.resourceRequirements?.find(({ type }) => type === 'VCPU')?.value ?? 1,
  );
  const milliseconds = attempts.reduce(
    (sum, { startedAt, stoppedAt }) => sum + Math.max(0, (stoppedAt ?? 0) - (startedAt ?? stoppedAt ?? 0)),
    0,
  );
  const log = (await readAttemptLogs(api, { jobId, job: 0, first: 0, size: 1 }, 0))?.findLast(
    ({ stream }) => stream !== undefined,
  );
  const lines = log?.stream === undefined ? [] : await logs.tail(log.group, log.stream, LINES_SHOWN);
  return {
    exitCode,
    vcpus,
    vcpuSeconds: milliseconds === 0 ? undefined : (milliseconds / 1000) * vcpus,
    findings: [
      startFinding(jobId, detail),
      ...(exitCode === undefined ? [] : [workFinding(detail, exitCode, lines), await logFinding(log, logs)]),
    ],
  };
}

/** Whether it was placed, and its container started: quota, machines, image and roles. */
function startFinding(jobId: string, detail: JobDetail): Finding {
  const name = 'canary start';
  const { createdAt, startedAt, attempts = [] } = detail;
  if (startedAt !== undefined && createdAt !== undefined) {
    const waited = Math.round((startedAt - createdAt) / 1000);
    return good(name, `job ${jobId} was started after ${waited} s, with its image and in its role`);
  }
  const last = attempts.at(-1);
  const words = [last?.container?.reason, detail.statusReason].filter((text) => text !== undefined);
  return bad(
    name,
    `job ${jobId} was not started: ${[...new Set(words)].join('; ') || 'Batch does not say why'}`,
    'docs/aws-batch.md, "Images" for CannotPullContainerError; the execution role for ResourceInitializationError',
  );
}

function workFinding(detail: JobDetail, exitCode: number, lines: readonly string[]): Finding {
  const name = 'canary worker';
  if (exitCode === 0) return good(name, 'did its work, with the store and the rights of its role');
  const { reason } = describeEnding({
    statusReason: detail.statusReason,
    exitCode,
    containerReason: detail.container?.reason,
  });
  const said = lines.length === 0 ? '' : `; it said last: ${lines.join(' | ')}`;
  return bad(
    name,
    `${reason}${said}`,
    'what it said; in `not allowed to ...` it is the role JobRole that lacks it',
  );
}

async function logFinding(log: AttemptLog | undefined, logs: JobLogs): Promise<Finding> {
  const name = 'canary log';
  if (log?.stream === undefined)
    return bad(name, 'it has no log stream', 'see the log configuration of the definition');
  const found = `${log.group}/${log.stream}`;
  if (await logs.has(log.group, log.stream)) return good(name, `${found} is there, and can be read`);
  return bad(
    name,
    `there is no stream ${found}`,
    'allow logs:CreateLogStream and logs:PutLogEvents to the execution role',
  );
}

function hasEnded({ status }: JobDetail): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED';
}
