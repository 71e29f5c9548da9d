/** What became of a request: `congested` where the service asked for fewer, `broken` where it was refused or got no answer. */
export type RequestOutcome = 'served' | 'congested' | 'broken';

/** Gives a place back; called once. */
export type Release = (outcome: RequestOutcome) => void;

interface Waiter {
  readonly admit: () => void;
}

/**
 * How many requests may be under way at once, found out as TCP finds its window (additive increase,
 * multiplicative decrease: RFC 5681, section 3.1): each full round of served requests allows one more, an
 * answer that asks to slow down halves the number. Requests that were sent before a halving do not halve it
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
    if (this.#inFlight >= this.limit || this.#waiting.size > 0) await this.#wait(signal);
    else this.#inFlight++;
    const halvingsBefore = this.#halvings;
    let released = false;
    return (outcome) => {
      if (released) return;
      released = true;
      this.#learn(outcome, halvingsBefore);
      this.#inFlight--;
      this.#admitNext();
    };
  }

  /** Resolves once a place was taken for the caller. */
  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.delete(waiter);
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        admit: () => {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  #learn(outcome: RequestOutcome, halvingsBefore: number): void {
    if (outcome === 'congested' && halvingsBefore === this.#halvings) {
      this.#limit = Math.max(1, this.#limit / 2);
      this.#halvings++;
    }
    if (outcome === 'served' && this.#inFlight >= this.limit) {
      this.#limit = Math.min(this.#highest, this.#limit + 1 / this.#limit);
    }
  }

  #admitNext(): void {
    for (const waiter of this.#waiting) {
      if (this.#inFlight >= this.limit) return;
      this.#waiting.delete(waiter);
      this.#inFlight++;
      waiter.admit();
    }
  }
}
