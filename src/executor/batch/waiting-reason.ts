/**
 * Why jobs stay RUNNABLE, in Batch's words and with what to do about it. AWS lists the values that `statusReason`
 * begins with at docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html and its sub-pages
 * (..._capacity, ..._misconfiguration, ..._invalid_ce, ..._undetermined, ..._time_limit_actions).
 */

const DOCTOR = 'backfill doctor --executor batch';

/** The most specific prefix first. */
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
    'MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED',
    'the launch template, the image (AMI) or the zone does not go with an instance type: take that type out of the compute environment, or correct the template',
  ],
  [
    'MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS',
    `the compute environment's service role lacks permissions: use Batch's service-linked role; ${DOCTOR} names the environment`,
  ],
  ['MISCONFIGURATION:', `${DOCTOR} checks queue, compute environment and definition`],
  [
    'ACTION_REQUIRED',
    `the compute environments of the queue are invalid: ${DOCTOR} shows what AWS says of each`,
  ],
  [
    'UNDETERMINED',
    `Batch does not know why. Check the vCPU quota and free addresses (${DOCTOR} --vcpus N), and whether the subnets lead to ECS`,
  ],
];

/**
 * `WORD - words` or `WORD:WORD`, which is how AWS writes these reasons. A job that is RUNNABLE again after an
 * attempt keeps that attempt's reason ("Host EC2 ... terminated."), which does not look like this.
 */
const BLOCKED = /^[A-Z][A-Z0-9_]{3,}(?: - |:[A-Z0-9_]+)/;

/**
 * What a job's `statusReason` says of why it waits, with a hint; undefined where it says nothing of that. A reason
 * of this form that is not listed above is shown as well: AWS adds to its list.
 */
export function waitingReason(statusReason: string | undefined): string | undefined {
  if (statusReason === undefined) return undefined;
  const known = HINTS.find(([prefix]) => statusReason.startsWith(prefix))?.[1];
  const hint =
    known ?? (BLOCKED.test(statusReason) ? `${DOCTOR} checks what is behind the queue` : undefined);
  return hint === undefined ? undefined : `${statusReason} (${hint})`;
}
