import type { ArrayJob } from '../../run/array-jobs.ts';
import { WORKER_EXIT } from '../../worker/messages.ts';
import type { GivenUpShard } from '../executor.ts';
import type { BatchApi, JobDetail, JobSummary } from './batch-api.ts';

/** How a child ended that did not finish its shard. */
export type ChildEnding = Pick<GivenUpShard, 'cause' | 'reason'>;

/** What Batch says of a child or of a job: its own words, and the container's. */
interface Ending {
  readonly statusReason?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly containerReason?: string | undefined;
}

/** docs.aws.amazon.com/batch/latest/userguide/job_retries.html and, for Fargate, what it was seen to say. */
const RECLAIMS = ['Host EC2', 'Your Spot Task was interrupted'];

/** docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html, in the words that its jobs were seen to have. */
const TIMED_OUT = 'Job attempt duration exceeded timeout';

/** With SIGTERM before a shard was through: 143 where it came before the worker could heed it. */
const ASKED_TO_LEAVE: readonly number[] = [WORKER_EXIT.drained, 143];

/** How the failed children of a job ended, by index of the submission's table. One request a page of children. */
export async function readChildEndings(
  api: BatchApi,
  job: ArrayJob & { readonly detail: JobDetail },
): Promise<Map<number, ChildEnding>> {
  const endings = new Map<number, ChildEnding>();
  const { first, size, detail } = job;
  if (size === 1) {
    if (detail.status === 'FAILED') endings.set(first, describeEnding(lastEnding(detail)));
    return endings;
  }
  for await (const child of api.listJobs({ arrayJob: detail.jobId ?? '', status: 'FAILED' })) {
    const index = child.arrayProperties?.index;
    if (index !== undefined) endings.set(first + index, describeEnding(summaryEnding(child)));
  }
  return endings;
}

/** Why a worker ended, from what Batch tells. */
export function describeEnding({ statusReason = '', exitCode, containerReason = '' }: Ending): ChildEnding {
  if (RECLAIMS.some((words) => statusReason.startsWith(words))) {
    return { cause: 'reclaimed', reason: `its machines were reclaimed too often (${statusReason})` };
  }
  if (statusReason.startsWith(TIMED_OUT)) {
    return { cause: 'failed', reason: `it took longer than its job may (${statusReason})` };
  }
  if (containerReason.startsWith('OutOfMemoryError')) {
    return { cause: 'out-of-memory', reason: `its container was killed for its memory (${containerReason})` };
  }
  if (exitCode !== undefined && ASKED_TO_LEAVE.includes(exitCode)) {
    const when = exitCode === WORKER_EXIT.drained ? 'too often' : 'before it had begun';
    return { cause: 'reclaimed', reason: `its worker was told to leave ${when} (exit code ${exitCode})` };
  }
  const how = exitCode === undefined ? '' : `the worker ${exitWords(exitCode)}`;
  const said = [containerReason, statusReason].filter((text) => text !== '' && !isPlain(text)).join('; ');
  const reason = [how, said].filter((text) => text !== '').join(': ');
  return { cause: 'failed', reason: reason === '' ? 'Batch does not say why' : reason };
}

/** Batch's words for any exit code but 0. */
function isPlain(text: string): boolean {
  return text === 'Essential container in task exited';
}

function exitWords(code: number): string {
  switch (code) {
    case WORKER_EXIT.finished:
      return 'ended well, and its shard is not finished all the same';
    case WORKER_EXIT.replaced:
      return 'found its shard taken over by another attempt';
    case WORKER_EXIT.cancelled:
      return 'began when the run was cancelled, and left';
    case 137:
      return 'was killed (exit code 137)';
    default:
      return `ended with exit code ${code}`;
  }
}

function summaryEnding({ statusReason, container }: JobSummary): Ending {
  return { statusReason, exitCode: container?.exitCode, containerReason: container?.reason };
}

function lastEnding({ statusReason, container, attempts }: JobDetail): Ending {
  const last = attempts?.at(-1);
  return {
    statusReason: statusReason ?? last?.statusReason,
    exitCode: container?.exitCode ?? last?.container?.exitCode,
    containerReason: container?.reason ?? last?.container?.reason,
  };
}
