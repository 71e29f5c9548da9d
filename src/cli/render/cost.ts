import type { ComputeShare } from '../../plan/compute-estimate.ts';
import { type RequestShare, requestDollars, S3_PRICES } from '../../plan/request-estimate.ts';
import { count, plural } from './quantities.ts';
import { table } from './table.ts';

/** What a plan is expected to cost, item by item. */
export interface PlanCost {
  readonly compute: readonly ComputeShare[];
  /** USD for a vCPU and hour. */
  readonly vcpuPrice: number;
  /** Undefined where the store and the tracks are not in S3. */
  readonly requests: readonly RequestShare[] | undefined;
}

/** The working for `plan --json`: every product of the text's tables with its factors. */
export function costDocument(cost: PlanCost): object {
  const compute = computeDollars(cost);
  const requests = requestsDollars(cost);
  return {
    compute: cost.compute.map(({ maxSeconds, cpuSeconds, ...share }) => ({
      ...share,
      ...(Number.isFinite(maxSeconds) ? { maxSeconds } : {}),
      cpuHours: cpuSeconds / 3600,
      dollars: hourDollars(cpuSeconds, cost.vcpuPrice),
    })),
    ...(cost.requests === undefined
      ? {}
      : { requests: cost.requests.map((share) => ({ ...share, dollars: requestDollars(share) })) }),
    dollars: { compute, requests, total: compute + requests },
  };
}

/** The same as tables. A reader can check each line by multiplying, and each sum by adding. */
export function costText(cost: PlanCost): string {
  const parts = [computeText(cost)];
  if (cost.requests !== undefined) {
    const total = computeDollars(cost) + requestsDollars(cost);
    parts.push(
      requestText(cost.requests),
      `about ${dollars(total)} in all, without volumes, storage and transfer\n`,
    );
  }
  return parts.join('\n');
}

function computeText(cost: PlanCost): string {
  const cpuSeconds = cost.compute.reduce((sum, share) => sum + share.cpuSeconds, 0);
  const rows = [
    ['CPU time', 'a track', 'a second of audio', 'vCPU hours', 'dollars', ''],
    ...cost.compute.map((share) => [
      `  ${share.name}`,
      `${share.perTrackSeconds} s`,
      share.perAudioSecond === 0 ? '' : `${Number(share.perAudioSecond.toPrecision(3))} s`,
      hours(share.cpuSeconds),
      dollars(hourDollars(share.cpuSeconds, cost.vcpuPrice)),
      Number.isFinite(share.maxSeconds) ? `hears ${share.maxSeconds} s of a track at most` : '',
    ]),
    [
      '  together',
      '',
      '',
      hours(cpuSeconds),
      dollars(computeDollars(cost)),
      `at $${cost.vcpuPrice} a vCPU and hour, on spot`,
    ],
  ];
  return table(rows, [1, 2, 3, 4]);
}

function requestText(requests: readonly RequestShare[]): string {
  const rows = [
    ['S3 requests', 'each', 'number', 'a thousand', 'dollars'],
    ...requests.map((share) => [
      `  ${share.what}`,
      `${plural(share.times, share.kind)} a ${share.per}`,
      count(share.count),
      `$${S3_PRICES[share.kind]}`,
      dollars(requestDollars(share)),
    ]),
    [
      '  together',
      '',
      count(requests.reduce((sum, share) => sum + share.count, 0)),
      '',
      dollars(sumDollars(requests)),
    ],
  ];
  return table(rows, [2, 3, 4]);
}

function computeDollars({ compute, vcpuPrice }: PlanCost): number {
  return compute.reduce((sum, { cpuSeconds }) => sum + hourDollars(cpuSeconds, vcpuPrice), 0);
}

function requestsDollars({ requests }: PlanCost): number {
  return requests === undefined ? 0 : sumDollars(requests);
}

function sumDollars(requests: readonly RequestShare[]): number {
  return requests.reduce((sum, share) => sum + requestDollars(share), 0);
}

function hourDollars(cpuSeconds: number, vcpuPrice: number): number {
  return (cpuSeconds / 3600) * vcpuPrice;
}

/** `41,817`, and with a digit behind the point below 100. */
function hours(seconds: number): string {
  const value = seconds / 3600;
  return value < 99.95 ? value.toFixed(value < 0.0995 ? 3 : 1) : count(Math.round(value));
}

const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

/** `$1,234.50`; what is more than nothing and less than a cent says so. */
function dollars(value: number): string {
  return value > 0 && value < 0.005 ? '< $0.01' : DOLLARS.format(value);
}
