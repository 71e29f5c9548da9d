import type { Algorithm } from '../../algorithms/algorithm.ts';
import type { PlanTotals } from '../../plan/plan-manifest.ts';
import { count, duration, plural } from './quantities.ts';
import { table } from './table.ts';
import { jsonDocument } from './json.ts';

interface ShownPlan {
  readonly totals: PlanTotals;
  readonly algorithms: readonly Algorithm[];
  /** Workers at a time of this machine; undefined where AWS Batch has as many as it gets. */
  readonly concurrency: number | undefined;
  /** USD for a vCPU and hour. */
  readonly vcpuPrice: number;
}

/** What `plan --json` prints. */
export function planDocument({ totals, algorithms, concurrency, vcpuPrice }: ShownPlan): string {
  const { firstRejected, rows, accepted, rejected, shards, weightSeconds } = totals;
  const document = {
    tracks: { total: rows, accepted, rejected },
    firstRejected,
    algorithms: algorithms.map(({ name, version }) => ({ name, version })),
    shards,
    shardSeconds: totals.shardSeconds,
    audioHours: totals.audioSeconds / 3600,
    unknownDurations: totals.unknownDurations,
    withLyrics: totals.withLyrics,
    cpuHours: weightSeconds / 3600,
    ...(concurrency === undefined ? {} : { hoursHere: weightSeconds / 3600 / concurrency }),
    spotDollars: spotDollars(totals, vcpuPrice),
  };
  return jsonDocument(document);
}

/** The same for people. */
export function planText({ totals, algorithms, concurrency, vcpuPrice }: ShownPlan): string {
  const { weightSeconds, unknownDurations } = totals;
  const unknown =
    unknownDurations === 0 ? '' : `, ${count(unknownDurations)} of unknown length taken for 4 min`;
  const lines = [
    ['tracks', `${count(totals.accepted)}${unknown}`],
    ['with lyrics', count(totals.withLyrics)],
    ['rejected rows', count(totals.rejected)],
    ...totals.firstRejected.map(({ line, reason }) => ['', `line ${line}: the row ${reason}`]),
    ['audio', duration(totals.audioSeconds)],
    ['algorithms', algorithms.map(({ name, version }) => `${name} ${version}`).join(', ')],
    ['shards', `${count(totals.shards)}, of about ${duration(totals.shardSeconds)} of work each`],
    ['CPU time', duration(weightSeconds)],
    ...(concurrency === undefined
      ? []
      : [['time here', `about ${duration(weightSeconds / concurrency)} on ${plural(concurrency, 'core')}`]]),
    ['on spot', `about $${spotDollars(totals, vcpuPrice).toFixed(2)} at $${vcpuPrice} a vCPU and hour`],
  ];
  return table(lines);
}

function spotDollars({ weightSeconds }: PlanTotals, vcpuPrice: number): number {
  return (weightSeconds / 3600) * vcpuPrice;
}
