/**
 * What becomes of a job when an attempt has ended: pure.
 * Source: docs.aws.amazon.com/batch/latest/userguide/job_retries.html and
 * docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html.
 */
import type { EvaluateOnExit, RetryStrategy } from '@aws-sdk/client-batch';

/** How an attempt ended, as `attempts[]` of DescribeJobs tells it. */
export interface Ending {
  /** The container's exit code; absent where the container, or its host, went without telling it. */
  readonly exitCode?: number;
  /** The container's reason, such as an out-of-memory kill. */
  readonly reason?: string;
  readonly statusReason: string;
}

/** `ended`: the attempt was ended by TerminateJob or by its timeout, which is never tried again. */
export interface Circumstances {
  readonly ended: boolean;
  /** This attempt included. */
  readonly attemptsUsed: number;
  readonly strategy: RetryStrategy | undefined;
}

/** The state that the job goes to when an attempt has ended so. */
export function afterAttempt(
  ending: Ending,
  circumstances: Circumstances,
): 'SUCCEEDED' | 'RUNNABLE' | 'FAILED' {
  if (circumstances.ended) return 'FAILED';
  if (ending.exitCode === 0) return 'SUCCEEDED';
  if (circumstances.attemptsUsed >= (circumstances.strategy?.attempts ?? 1)) return 'FAILED';
  const rule = circumstances.strategy?.evaluateOnExit?.find((candidate) => matchesRule(candidate, ending));
  // Where rules are given and none matches, Batch tries again.
  return rule === undefined || rule.action?.toUpperCase() === 'RETRY' ? 'RUNNABLE' : 'FAILED';
}

/** Whether all the conditions that a rule names are met. */
export function matchesRule(rule: EvaluateOnExit, ending: Ending): boolean {
  return (
    matchesPattern(rule.onStatusReason, ending.statusReason) &&
    matchesPattern(rule.onReason, ending.reason ?? '') &&
    matchesPattern(rule.onExitCode, ending.exitCode === undefined ? '' : String(ending.exitCode))
  );
}

/** Whether text is the pattern, or begins with what stands before its trailing `*`; no pattern asks nothing. */
export function matchesPattern(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
