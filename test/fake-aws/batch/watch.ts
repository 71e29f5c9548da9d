export interface WaitOptions {
  /** Default 30,000. */
  readonly timeoutMilliseconds?: number;
  /** What is waited for, for the message when it does not come. */
  readonly what?: string;
}

interface Waiter {
  readonly predicate: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Lets tests wait for a condition: it is looked at after each turn in which something changed. */
export class Watch {
  readonly #waiters = new Set<Waiter>();
  #scheduled = false;

  /** Something changed. */
  changed(): void {
    if (this.#scheduled || this.#waiters.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      for (const waiter of this.#waiters) this.#look(waiter);
    });
  }

  /** Resolves once the condition holds; rejects with what the predicate throws, or when the time is over. */
  async until(predicate: () => boolean, options: WaitOptions = {}): Promise<void> {
    const { timeoutMilliseconds = 30_000, what = 'the condition' } = options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { predicate, resolve, reject };
    const timer = setTimeout(() => {
      this.#waiters.delete(waiter);
      reject(new Error(`waited ${timeoutMilliseconds} ms in vain for ${what}`));
    }, timeoutMilliseconds);
    this.#waiters.add(waiter);
    this.#look(waiter);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #look(waiter: Waiter): void {
    try {
      if (!waiter.predicate()) return;
      waiter.resolve();
    } catch (error) {
      waiter.reject(error);
    }
    this.#waiters.delete(waiter);
  }
}
