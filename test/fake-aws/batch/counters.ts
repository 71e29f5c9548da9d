import type { Fault } from './faults.ts';

/** What has happened so far. */
export interface Counters {
  /** Calls by operation, those that met a fault included. */
  readonly requests: Map<string, number>;
  readonly faults: Record<Fault, number>;
  /** Jobs that were accepted, by name: more than 1 is a doubled job. Children are not counted. */
  readonly submitted: Map<string, number>;
  /** Attempts that reached RUNNING. */
  attempts: number;
  /** Attempts that were reclaimed, with notice or without. */
  reclaims: number;
  /** Of those, the ones that exited 0 within the grace time: their work was done. */
  survivedReclaims: number;
  /** Attempts after which the job went back to RUNNABLE. */
  retries: number;
  timeouts: number;
  outOfMemory: number;
  /** Of jobs that run: plain ones and children. */
  succeeded: number;
  failed: number;
}

export function newCounters(): Counters {
  return {
    requests: new Map(),
    faults: { throttle: 0, serverError: 0, loseResponse: 0, errorAfterAcceptance: 0 },
    submitted: new Map(),
    attempts: 0,
    reclaims: 0,
    survivedReclaims: 0,
    retries: 0,
    timeouts: 0,
    outOfMemory: 0,
    succeeded: 0,
    failed: 0,
  };
}

export function countIn(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
