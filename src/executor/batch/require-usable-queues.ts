import { BackfillError, usageError } from '../../errors.ts';
import type { BatchTarget } from '../../run/records.ts';
import type { BatchApi, JobQueueDetail } from './batch-api.ts';
import { environmentName, isUsable, obstacleIn } from './inspect-compute-environment.ts';
import { environmentsOf } from './inspect-queue.ts';

/**
 * Refuses queues that take jobs and can never start one: INVALID ones, and those of whose compute environments none
 * can start a machine. Batch accepts such jobs and keeps them RUNNABLE:
 * docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_invalid_ce.html. Asked before anything is stored.
 * Whether queues are there and enabled is `settleExecution`'s question.
 *
 * @throws BackfillError `queue-unusable`
 */
export async function requireUsableQueues(
  api: BatchApi,
  { queue, fallbackQueue }: Pick<BatchTarget, 'queue' | 'fallbackQueue'>,
): Promise<void> {
  const names = [...new Set([queue, ...(fallbackQueue === undefined ? [] : [fallbackQueue])])];
  for (const detail of await api.describeQueues(names)) {
    const obstacles = await obstaclesOf(api, detail);
    if (obstacles === undefined) continue;
    throw usageError(
      'queue-unusable',
      `the job queue '${detail.jobQueueName}' takes jobs and can start none: ${obstacles}`,
      {
        hint: 'backfill doctor --executor batch says how to fix it; --queue and --fallback-queue name others',
      },
    );
  }
}

/** Why nothing of a queue can start; undefined where something can, or where the caller may not look. */
async function obstaclesOf(api: BatchApi, queue: JobQueueDetail): Promise<string | undefined> {
  const { status, statusReason } = queue;
  if (!isUsable(status)) return `it is ${status}${statusReason === undefined ? '' : `: ${statusReason}`}`;
  let environments: Awaited<ReturnType<typeof environmentsOf>>;
  try {
    environments = await environmentsOf(api, queue);
  } catch (error) {
    // To submit does not take the permission to describe them.
    if (error instanceof BackfillError && error.code === 'aws-denied') return undefined;
    throw error;
  }
  if (environments.length === 0) return 'it has no compute environment';
  const obstacles = environments.map(({ name, detail }) => {
    const obstacle = obstacleIn(name, detail);
    return obstacle && `compute environment ${environmentName(name, detail)} ${obstacle.found}`;
  });
  return obstacles.every((obstacle) => obstacle !== undefined) ? obstacles.join('; ') : undefined;
}
