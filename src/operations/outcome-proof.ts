import { BackfillError } from '../errors.ts';

/** So many violations are put into words; the rest is counted. */
export const MAX_VIOLATIONS = 100;

/** Adds up outcomes; a failure that a later generation settles is taken back. */
export class OutcomeProof {
  readonly violations: string[] = [];
  #violationCount = 0;
  /** Outcomes whose last word is a failure. */
  readonly failures: Set<string> = new Set();
  readonly #algorithms: readonly string[];
  readonly #succeeded = new Map<string, number>();

  constructor(algorithms: readonly string[]) {
    this.#algorithms = algorithms;
  }

  settle(key: string, algorithm: string, failed: boolean): void {
    if (failed) {
      this.failures.add(key);
      return;
    }
    this.failures.delete(key);
    this.#succeeded.set(algorithm, (this.#succeeded.get(algorithm) ?? 0) + 1);
  }

  get violationCount(): number {
    return this.#violationCount;
  }

  /** Takes a check that finds something damaged for a violation. */
  async guard(check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (error) {
      this.violate(damageOf(error));
    }
  }

  violate(message: string): void {
    this.#violationCount += 1;
    if (this.violations.length < MAX_VIOLATIONS) this.violations.push(message);
  }

  counts(): Record<string, { succeeded: number; failed: number }> {
    const failed = new Map<string, number>();
    for (const key of this.failures) {
      const algorithm = key.slice(0, key.indexOf('\n'));
      failed.set(algorithm, (failed.get(algorithm) ?? 0) + 1);
    }
    return Object.fromEntries(
      this.#algorithms.map((name) => [
        name,
        { succeeded: this.#succeeded.get(name) ?? 0, failed: failed.get(name) ?? 0 },
      ]),
    );
  }
}

/** The message of damage. @throws anything else */
export function damageOf(error: unknown): string {
  if (error instanceof BackfillError && error.code === 'store-damaged') return error.message;
  throw error;
}
