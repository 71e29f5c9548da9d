/**
 * Why jobs stay RUNNABLE, in Batch's words and with what to do about it:
 * docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html
 */

const HINTS: readonly (readonly [prefix: string, hint: string])[] = [
  [
    'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
    'spot is short of these instance types: allow more of them in the compute environment, or wait; --fallback-queue takes what is reclaimed too often',
  ],
  ['CAPACITY:', 'the compute environment can not get machines: allow more instance types, zones or vCPUs'],
  [
    'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
    "a worker asks for more than one machine may have: raise the compute environment's maxvCpus, or lower the definition's resources",
  ],
  [
    'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
    'no instance type of the compute environment has what a worker asks for: lower --memory or allow larger types',
  ],
  [
    'MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS',
    "the compute environment's service role lacks permissions: backfill doctor --executor batch says more",
  ],
  [
    'MISCONFIGURATION:',
    'backfill doctor --executor batch looks at queue, compute environment and definition',
  ],
];

/** What a job's `statusReason` says of its waiting, with a hint; undefined where it says nothing of it. */
export function waitingReason(statusReason: string | undefined): string | undefined {
  if (statusReason === undefined) return undefined;
  const hint = HINTS.find(([prefix]) => statusReason.startsWith(prefix))?.[1];
  return hint === undefined ? undefined : `${statusReason} (${hint})`;
}
