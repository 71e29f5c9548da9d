import type { BatchExecution } from '../../run/records.ts';
import type { GivenUpShard } from '../executor.ts';
import { escalates } from './job-request.ts';

/** Another try at shards that were given up, elsewhere or with more memory. */
export interface Escalation {
  readonly execution: BatchExecution;
  readonly shards: readonly number[];
  /** For people. */
  readonly why: string;
}

/**
 * What can still be done about shards that a submission has given up: reclaimed ones move to the fallback
 * queue, and those that ran out of memory get twice as much, once. What failed otherwise would fail again.
 */
export function planEscalations(execution: BatchExecution, gaveUp: readonly GivenUpShard[]): Escalation[] {
  const { target, memoryMiB, queue } = execution;
  const of = (cause: GivenUpShard['cause']) =>
    gaveUp.filter((given) => given.cause === cause).map(({ shard }) => shard);
  const escalations: Escalation[] = [];
  const reclaimed = of('reclaimed');
  if (reclaimed.length > 0 && escalates(execution) && target.fallbackQueue !== undefined) {
    escalations.push({
      execution: { ...execution, queue: target.fallbackQueue },
      shards: reclaimed,
      why: `reclaimed ${target.reclaims} times on ${queue}, moved to ${target.fallbackQueue}`,
    });
  }
  const starved = of('out-of-memory');
  if (starved.length > 0 && memoryMiB !== undefined && execution.escalatedMemory !== true) {
    escalations.push({
      execution: { ...execution, memoryMiB: memoryMiB * 2, escalatedMemory: true },
      shards: starved,
      why: `killed at a memory of ${memoryMiB} MiB, tried once more with ${memoryMiB * 2} MiB`,
    });
  }
  return escalations;
}
