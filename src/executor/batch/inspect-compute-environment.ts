import type { ComputeEnvironmentDetail } from './batch-api.ts';
import { type Finding, bad, good } from './inspect-finding.ts';

/** What a queue is for: cheap work, or work that may not be reclaimed. */
export type QueuePurpose = 'queue' | 'fallback queue';

/**
 * Whether a compute environment would start machines, and of the kind that its queue is for.
 * @param name as the queue has it: mostly an ARN
 */
export function inspectComputeEnvironment(
  name: string,
  detail: ComputeEnvironmentDetail | undefined,
  purpose: QueuePurpose,
): readonly Finding[] {
  const shortName = environmentName(name, detail);
  const subject = `compute ${shortName}`;
  const obstacle = obstacleIn(name, detail);
  if (obstacle !== undefined) return [bad(subject, obstacle.found, obstacle.mend)];
  const resources = detail?.computeResources;
  if (resources === undefined) return [good(subject, 'unmanaged: its machines were not looked at')];
  const { type, maxvCpus = 0, allocationStrategy, launchTemplate, bidPercentage } = resources;
  const limit = `${type}, up to ${maxvCpus} vCPUs`;
  const onInstances = type === 'SPOT' || type === 'EC2';
  if (onInstances && (allocationStrategy === undefined || allocationStrategy === 'BEST_FIT')) {
    const better = type === 'SPOT' ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE';
    return [
      bad(
        subject,
        `${limit}, allocation strategy BEST_FIT: jobs wait while its one instance type is sold out`,
        `make a new one with ${better}: Batch can not change this strategy in place`,
      ),
    ];
  }
  const strategy = allocationStrategy === undefined ? '' : `, ${allocationStrategy}`;
  return [good(subject, `${limit}${strategy}`, advice())];

  function advice(): string | undefined {
    if (purpose === 'fallback queue' && type === 'SPOT') {
      return 'a fallback queue on spot is reclaimed like the other: give it an on-demand environment';
    }
    if (purpose === 'queue' && type === 'EC2') return 'this is on-demand: spot costs about a third';
    if (type !== 'SPOT') return undefined;
    if (bidPercentage !== undefined && bidPercentage < 100) {
      return `a bid of ${bidPercentage} % only means more reclaims: leave bidPercentage out`;
    }
    if (launchTemplate === undefined) {
      return 'without a launch template that sets ECS_ENABLE_SPOT_INSTANCE_DRAINING=true, reclaimed workers are killed unasked';
    }
    return undefined;
  }
}

/**
 * What keeps a compute environment from starting any machine; undefined where nothing does.
 * @param name as the queue has it: mostly an ARN
 */
export function obstacleIn(
  name: string,
  detail: ComputeEnvironmentDetail | undefined,
): { readonly found: string; readonly mend: string } | undefined {
  if (detail === undefined) {
    return { found: 'the queue names it, and it is not there', mend: 'take it out of the queue' };
  }
  const update = `aws batch update-compute-environment --compute-environment ${environmentName(name, detail)}`;
  const { state, status, statusReason, computeResources: resources } = detail;
  if (!isUsable(status)) {
    const reason = statusReason === undefined ? '' : `: ${statusReason}`;
    return {
      found: `${status}${reason}`,
      mend: 'correct what the reason names: Batch starts nothing until then',
    };
  }
  if (state !== 'ENABLED') return { found: `is ${state}`, mend: `${update} --state ENABLED` };
  if (resources !== undefined && (resources.maxvCpus ?? 0) === 0) {
    return {
      found: `${resources.type}, up to 0 vCPUs: nothing can run`,
      mend: `${update} --compute-resources maxvCpus=256`,
    };
  }
  return undefined;
}

/** Its short name, whether it is there or not. */
export function environmentName(name: string, detail: ComputeEnvironmentDetail | undefined): string {
  return detail?.computeEnvironmentName ?? name.split('/').at(-1) ?? name;
}

/** Whether a queue or an environment of this status does its work: while it is changed, it goes on. */
export function isUsable(status: string | undefined): boolean {
  return status === undefined || status === 'VALID' || status === 'UPDATING';
}
