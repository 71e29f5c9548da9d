/**
 * The clock of a service: what it writes into the `date` header of answers, and which signed times it takes.
 * Sources: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html (five minutes, "Signature
 * expired" and "Signature not yet current"); for S3 docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * (RequestTimeTooSkewed, fifteen minutes).
 */
import type { IncomingHttpHeaders } from 'node:http';

/** A request whose time is off by more than is taken. */
export interface SkewedRequest {
  /** `20261128T120000Z` */
  readonly requestTime: string;
  readonly serverTime: string;
  readonly isTooOld: boolean;
}

export class ServerClock {
  readonly #aheadMilliseconds: number;

  /** @param aheadSeconds of this machine's clock; negative: behind it */
  constructor(aheadSeconds = 0) {
    this.#aheadMilliseconds = aheadSeconds * 1000;
  }

  /** The `date` header of an answer. */
  date(): string {
    return new Date(this.#now()).toUTCString();
  }

  /** What is wrong with a request's signed time; undefined where it is near enough, or not signed. */
  check(headers: IncomingHttpHeaders, toleranceSeconds: number): SkewedRequest | undefined {
    const signed = String(headers['x-amz-date'] ?? '');
    const [, day = '', time = ''] = /^(\d{8})T(\d{6})Z$/.exec(signed) ?? [];
    if (time === '') return undefined;
    const pairs = (digits: string, between: string) => digits.replace(/(\d\d)(?=\d)/g, `$1${between}`);
    const at = Date.parse(`${day.slice(0, 4)}-${pairs(day.slice(4), '-')}T${pairs(time, ':')}Z`);
    const now = this.#now();
    if (Math.abs(now - at) <= toleranceSeconds * 1000) return undefined;
    return { requestTime: signed, serverTime: basic(now), isTooOld: at < now };
  }

  #now(): number {
    return Date.now() + this.#aheadMilliseconds;
  }
}

function basic(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}
