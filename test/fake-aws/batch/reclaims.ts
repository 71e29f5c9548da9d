/** Which attempts are reclaimed, and when, by a policy: seeded. */
import { seededRandom } from './seeded-random.ts';

/**
 * How Batch tells it. `drained`: the host lived long enough to tell the container's own exit code, in the
 * words of an ordinary end.
 */
export type ReclaimFlavour = 'host' | 'fargate' | 'drained';

export interface ReclaimPolicy {
  /** The share of all attempts on spot queues that is reclaimed, 0 to 1. On-demand hosts stay. */
  readonly share: number;
  readonly seed?: number;
  /** Default: `fargate` on a queue of FARGATE_SPOT, `host` on others. */
  readonly flavour?: ReclaimFlavour;
  /** The share of those that get no notice (SIGKILL at once), 0 to 1. Default 0. */
  readonly hardShare?: number;
  /** How long an attempt is thought to last until the first has ended. Default 200. */
  readonly attemptMilliseconds?: number;
}

export interface ReclaimHow {
  /** Without notice: SIGKILL at once. */
  readonly hard: boolean;
  readonly flavour: ReclaimFlavour | undefined;
}

export interface PlannedReclaim extends ReclaimHow {
  readonly afterMilliseconds: number;
}

/**
 * A reclaim strikes at a random moment of the time that attempts last on average. Where the attempt was
 * over before, the reclaim is owed to the next one, so that the share comes out right.
 */
export class Reclaims {
  readonly #policy: ReclaimPolicy;
  readonly #random: () => number;
  #average: number;
  #owed = 0;

  constructor(policy: ReclaimPolicy) {
    this.#policy = policy;
    this.#random = seededRandom(policy.seed ?? 1);
    this.#average = policy.attemptMilliseconds ?? 200;
  }

  /** For an attempt that begins. */
  plan(): PlannedReclaim | undefined {
    const drawn = this.#random() < this.#policy.share;
    if (!drawn && this.#owed === 0) return undefined;
    if (!drawn) this.#owed -= 1;
    return {
      afterMilliseconds: this.#random() * this.#average,
      hard: this.#random() < (this.#policy.hardShare ?? 0),
      flavour: this.#policy.flavour,
    };
  }

  /** An attempt ended on its own after so long; whether a reclaim was planned for it. */
  ended(milliseconds: number, planned: boolean): void {
    this.#average = this.#average * 0.9 + milliseconds * 0.1;
    if (planned) this.#owed += 1;
  }
}
