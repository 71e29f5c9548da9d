import type { Algorithm } from '../../algorithms/algorithm.ts';
import type { PlanTotals } from '../../plan/plan-manifest.ts';
import { count, duration, plural } from './quantities.ts';
import { table } from './table.ts';

/** Spot price of one vCPU in us-east-1, USD an hour: what the same work would cost as a Batch run. */
const SPOT_USD_PER_CORE_HOUR = 0.012;

interface ShownPlan {
  readonly totals: PlanTotals;
  readonly algorithms: readonly Algorithm[];
  readonly concurrency: number;
}

/** What `plan --json` prints. */
export function planDocument({ totals, algorithms, concurrency }: ShownPlan): string {
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
    hoursHere: weightSeconds / 3600 / concurrency,
    spotDollars: spotDollars(totals),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The same for people. */
export function planText({ totals, algorithms, concurrency }: ShownPlan): string {
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
    ['time here', `about ${duration(weightSeconds / concurrency)} on ${plural(concurrency, 'core')}`],
    ['on spot', `about $${spotDollars(totals).toFixed(2)} at $${SPOT_USD_PER_CORE_HOUR} a core and hour`],
  ];
  return table(lines);
}

function spotDollars({ weightSeconds }: PlanTotals): number {
  return (weightSeconds / 3600) * SPOT_USD_PER_CORE_HOUR;
}
