/**
 * Faults of the API, drawn from a seed: refused before it was done, or done and the answer lost.
 * Source: docs.aws.amazon.com/batch/latest/userguide/service_limits.html (calls a second); the errors are
 * those that each operation's page of the API reference names.
 */
import { seededRandom } from './seeded-random.ts';

export type Fault =
  /** 429: the call was not done. */
  | 'throttle'
  /** 500: the call was not done. */
  | 'serverError'
  /** The call was done, and the connection broke before the answer. */
  | 'loseResponse'
  /** The call was done, and the answer is 500. */
  | 'errorAfterAcceptance';

export const FAULTS: readonly Fault[] = ['throttle', 'serverError', 'loseResponse', 'errorAfterAcceptance'];

/** The share of the calls that meet each fault, 0 to 1. */
export type FaultShares = Partial<Record<Fault, number>>;

export interface FaultOptions extends FaultShares {
  readonly seed?: number;
  /** Shares of an operation's own, such as `SubmitJob`, in place of the common ones. */
  readonly operations?: Readonly<Record<string, FaultShares>>;
  /** Calls a second of an operation, over which they are throttled: `{ SubmitJob: 50 }`. */
  readonly perSecond?: Readonly<Record<string, number>>;
}

export class Faults {
  readonly #options: FaultOptions;
  readonly #random: () => number;
  readonly #ordered = new Map<string, Fault[]>();
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(options: FaultOptions = {}) {
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 1);
  }

  /** The next calls of an operation meet this fault, before any that is drawn. */
  failNext(operation: string, fault: Fault, times = 1): void {
    const ordered = this.#ordered.get(operation) ?? [];
    ordered.push(...Array.from({ length: times }, () => fault));
    this.#ordered.set(operation, ordered);
  }

  /** The fault that this call meets, if any; `now` in milliseconds. */
  draw(operation: string, now: number): Fault | undefined {
    const ordered = this.#ordered.get(operation)?.shift();
    if (ordered !== undefined) return ordered;
    if (this.#isOverRate(operation, now)) return 'throttle';
    const shares = this.#options.operations?.[operation] ?? this.#options;
    let point = this.#random();
    for (const fault of FAULTS) {
      point -= shares[fault] ?? 0;
      if (point < 0) return fault;
    }
    return undefined;
  }

  #isOverRate(operation: string, now: number): boolean {
    const rate = this.#options.perSecond?.[operation];
    if (rate === undefined) return false;
    const bucket = this.#buckets.get(operation) ?? { tokens: rate, at: now };
    const tokens = Math.min(rate, bucket.tokens + ((now - bucket.at) * rate) / 1000);
    const over = tokens < 1;
    this.#buckets.set(operation, { tokens: over ? tokens : tokens - 1, at: now });
    return over;
  }
}
