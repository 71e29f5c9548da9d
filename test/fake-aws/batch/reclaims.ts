/** Which attempts are reclaimed, and when, by a policy: seeded. */
import { seededRandom } from './seeded-random.ts';

export interface ReclaimPolicy {
  /** The share of all attempts that is reclaimed, 0 to 1. */
  readonly share: number;
  readonly seed?: number;
  /** Default `host`. */
  readonly flavour?: 'host' | 'fargate' | 'drained';
  /** The share of those that get no notice (SIGKILL at once), 0 to 1. Default 0. */
  readonly hardShare?: number;
  /** How long an attempt is thought to last until the first has ended. Default 200. */
  readonly attemptMilliseconds?: number;
}

export interface PlannedReclaim {
  readonly afterMilliseconds: number;
  readonly hard: boolean;
  readonly flavour: 'host' | 'fargate' | 'drained';
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
      flavour: this.#policy.flavour ?? 'host',
    };
  }

  /** An attempt ended on its own after so long; whether a reclaim was planned for it. */
  ended(milliseconds: number, planned: boolean): void {
    this.#average = this.#average * 0.9 + milliseconds * 0.1;
    if (planned) this.#owed += 1;
  }
}
