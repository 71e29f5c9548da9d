/** What became of a request: `congested` where the service asked for fewer, `broken` where it was refused or got no answer. */
export type RequestOutcome = 'served' | 'congested' | 'broken';

/** Gives a place back; called once. */
export type Release = (outcome: RequestOutcome) => void;

/** When a request was let in. */
interface Admission {
  readonly number: number;
  /** Halvings before it. */
  readonly halvings: number;
}

interface Waiter {
  readonly admit: (admission: Admission) => void;
}

/**
 * How many requests may be under way at once, found out as TCP finds its window (RFC 5681, section 3.1). Until
 * the service first asks to slow down, each full round of served requests doubles the number (slow start: with
 * 80 ms an answer, one more each round would take seconds, in which a worker of quick tracks waits); from then
 * on it allows one more. An answer that asks to slow down halves it. Requests that were sent before a halving do not halve it
 * again: they tell nothing about the new number. A number that is not used up does not grow (RFC 7661).
 *
 * Requests that have to wait are admitted in the order in which they came. Knows no clock: how long a refused
 * request waits before it is tried again is its own retry's matter.
 */
export class AdaptiveConcurrency {
  readonly #highest: number;
  readonly #waiting = new Set<Waiter>();
  #limit: number;
  #inFlight = 0;
  #halvings = 0;
  /** Admissions so far, and the last of them that used the number up. */
  #admissions = 0;
  #lastFull = 0;

  constructor(options: { readonly initial: number; readonly highest: number }) {
    this.#limit = options.initial;
    this.#highest = options.highest;
  }

  /** How many requests may be under way now; a whole number, at least 1. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Requests under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * Resolves once there is a place. An aborted signal rejects with its reason.
   * @returns what gives the place back
   */
  async acquire(signal?: AbortSignal): Promise<Release> {
    signal?.throwIfAborted();
    const mustWait = this.#inFlight >= this.limit || this.#waiting.size > 0;
    const admission = mustWait ? await this.#wait(signal) : this.#takePlace();
    let released = false;
    return (outcome) => {
      if (released) return;
      released = true;
      this.#learn(outcome, admission);
      this.#inFlight--;
      this.#admitNext();
    };
  }

  /** Resolves once a place has been taken for the caller. */
  #wait(signal: AbortSignal | undefined): Promise<Admission> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.delete(waiter);
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        admit: (admission) => {
          signal?.removeEventListener('abort', giveUp);
          resolve(admission);
        },
      };
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  #takePlace(): Admission {
    this.#inFlight++;
    this.#admissions++;
    if (this.#inFlight >= this.limit) this.#lastFull = this.#admissions;
    return { number: this.#admissions, halvings: this.#halvings };
  }

  #learn(outcome: RequestOutcome, admission: Admission): void {
    if (outcome === 'congested' && admission.halvings === this.#halvings) {
      this.#limit = Math.max(1, this.#limit / 2);
      this.#halvings++;
    }
    // The number was used up while this request was under way.
    if (outcome === 'served' && this.#lastFull >= admission.number) {
      const growth = this.#halvings === 0 ? 1 : 1 / this.#limit;
      this.#limit = Math.min(this.#highest, this.#limit + growth);
    }
  }

  #admitNext(): void {
    for (const waiter of this.#waiting) {
      if (this.#inFlight >= this.limit) return;
      this.#waiting.delete(waiter);
      waiter.admit(this.#takePlace());
    }
  }
}
