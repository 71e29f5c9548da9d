import type { BatchApi, ComputeEnvironmentDetail, JobQueueDetail } from './batch-api.ts';
import { type QueuePurpose, inspectComputeEnvironment, isUsable } from './inspect-compute-environment.ts';
import { type Finding, bad, good } from './inspect-finding.ts';
import { DEPLOY_STACK } from './stack-names.ts';

/**
 * Whether jobs that are submitted to a queue would be run, and on what.
 * @param shareIdentifier that submissions name, if any
 */
export async function inspectQueue(
  api: BatchApi,
  name: string,
  purpose: QueuePurpose,
  shareIdentifier?: string,
): Promise<readonly Finding[]> {
  const [queue] = await api.describeQueues([name]);
  if (queue === undefined) {
    const option = purpose === 'queue' ? '--queue' : '--fallback-queue';
    return [
      bad(purpose, `there is no queue ${name}`, `name another with ${option}, or make it: ${DEPLOY_STACK}`),
    ];
  }
  const environments = await environmentsOf(api, queue);
  return [
    inspectState(queue, purpose, shareIdentifier),
    ...environments.flatMap(({ name: environment, detail }) =>
      inspectComputeEnvironment(environment, detail, purpose),
    ),
  ];
}

/** The compute environments of a queue in its order; without details where one is not there. */
export async function environmentsOf(
  api: BatchApi,
  queue: JobQueueDetail,
): Promise<readonly { readonly name: string; readonly detail: ComputeEnvironmentDetail | undefined }[]> {
  const names = (queue.computeEnvironmentOrder ?? [])
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map(({ computeEnvironment = '' }) => computeEnvironment);
  // Without a name Batch would describe every one there is.
  const details = names.length === 0 ? [] : await api.describeComputeEnvironments(names);
  return names.map((name) => ({
    name,
    detail: details.find(
      ({ computeEnvironmentArn, computeEnvironmentName }) =>
        name === computeEnvironmentArn || name === computeEnvironmentName,
    ),
  }));
}

function inspectState(queue: JobQueueDetail, purpose: QueuePurpose, shareIdentifier?: string): Finding {
  const { jobQueueName = '', jobQueueArn = '', state, status, statusReason, schedulingPolicyArn } = queue;
  const update = `aws batch update-job-queue --job-queue ${jobQueueName}`;
  if (!isUsable(status)) {
    const reason = statusReason === undefined ? '' : `: ${statusReason}`;
    return bad(
      purpose,
      `${jobQueueName} is ${status}${reason}`,
      `aws batch describe-job-queues --job-queues ${jobQueueName} shows it`,
    );
  }
  if (state !== 'ENABLED') {
    return bad(purpose, `${jobQueueName} is ${state}: it takes no jobs`, `${update} --state ENABLED`);
  }
  if ((queue.computeEnvironmentOrder ?? []).length === 0) {
    return bad(
      purpose,
      `${jobQueueName} has no compute environment`,
      `${update} --compute-environment-order order=1,computeEnvironment=...`,
    );
  }
  if (schedulingPolicyArn !== undefined && shareIdentifier === undefined) {
    return bad(
      purpose,
      `${jobQueueName} shares fairly, and takes jobs of a named share alone`,
      'name one with --share-identifier',
    );
  }
  if (schedulingPolicyArn === undefined && shareIdentifier !== undefined) {
    return bad(
      purpose,
      `${jobQueueName} has no fair-share policy, and refuses the share ${shareIdentifier}`,
      'leave out --share-identifier',
    );
  }
  return good(purpose, `${jobQueueName} is enabled and valid (${jobQueueArn})`);
}
