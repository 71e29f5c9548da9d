import { describe, expect, test } from 'vitest';
import { waitingReason } from '../../../src/executor/batch/waiting-reason.ts';

/** What the texts of docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html and its sub-pages begin with. */
const DOCUMENTED = [
  [
    'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type c7i',
    'allow more of them',
  ],
  [
    'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.',
    'maxvCpus',
  ],
  [
    'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.',
    '--memory',
  ],
  ['MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED - unsupported', 'launch template'],
  [
    'MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS - Batch service role has a permission issue.',
    'service-linked role',
  ],
  ['ACTION_REQUIRED - CE(s) associated with the job queue are invalid.', 'doctor'],
  ['UNDETERMINED - Batch job is blocked, root cause is undetermined.', 'doctor --executor batch --vcpus'],
] as const;

describe('why jobs wait', () => {
  test.for(DOCUMENTED)('%s', ([reason, hint]) => {
    expect(waitingReason(reason)).toMatch(new RegExp(`^${escaped(reason)} \\(.*${escaped(hint)}`));
  });

  test('a reason that AWS adds to its list is shown too', () => {
    expect(waitingReason('CONSUMABLE_RESOURCE:NOT_AVAILABLE - none left')).toContain(
      'none left (backfill doctor',
    );
    expect(waitingReason('MISCONFIGURATION:SOMETHING_NEW - words')).toContain('SOMETHING_NEW - words (');
  });

  test('what an attempt before this one ended with is no reason to wait', () => {
    for (const reason of [
      'Host EC2 (instance i-0123456789abcdef0) terminated.',
      'Essential container in task exited',
      'Task failed to start',
      '',
      undefined,
    ]) {
      expect(waitingReason(reason)).toBeUndefined();
    }
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
