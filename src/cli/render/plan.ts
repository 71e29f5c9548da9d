import type { Algorithm } from '../../algorithms/algorithm.ts';
import type { PlanTotals } from '../../plan/plan-manifest.ts';
import { type ManifestRejected, rejectionLines } from '../../plan/rejections.ts';
import { costDocument, costText, type PlanCost } from './cost.ts';
import { count, duration, plural } from './quantities.ts';
import { table } from './table.ts';
import { jsonDocument } from './json.ts';

interface ShownPlan {
  readonly totals: PlanTotals;
  readonly algorithms: readonly Algorithm[];
  /** Workers at a time of this machine; undefined where AWS Batch has as many as it gets. */
  readonly concurrency: number | undefined;
  readonly cost: PlanCost;
}

/** What `plan --json` prints. */
export function planDocument({ totals, algorithms, concurrency, cost }: ShownPlan): string {
  const { rejections, firstRejected, rows, accepted, rejected, shards, weightSeconds } = totals;
  const document = {
    tracks: { total: rows, accepted, rejected },
    rejections,
    firstRejected,
    algorithms: algorithms.map(({ name, version }) => ({ name, version })),
    shards,
    shardSeconds: totals.shardSeconds,
    audioHours: totals.audioSeconds / 3600,
    unknownDurations: totals.unknownDurations,
    withLyrics: totals.withLyrics,
    cpuHours: weightSeconds / 3600,
    ...(concurrency === undefined ? {} : { hoursHere: weightSeconds / 3600 / concurrency }),
    ...costDocument(cost),
  };
  return jsonDocument(document);
}

/** What `plan --json` and `run --json` print of a manifest that is refused for its rows. */
export function rejectedDocument({ code, report }: ManifestRejected): string {
  const { rows, accepted, rejected, rejections, firstRejected } = report;
  return jsonDocument({
    error: code,
    tracks: { total: rows, accepted, rejected },
    rejections,
    firstRejected,
  });
}

/** The same for people: what would run, and the working of what it costs. */
export function planText({ totals, algorithms, concurrency, cost }: ShownPlan): string {
  const { weightSeconds, unknownDurations } = totals;
  const unknown =
    unknownDurations === 0 ? '' : `, ${count(unknownDurations)} of unknown length taken for 4 min`;
  const lines = [
    ['tracks', `${count(totals.accepted)}${unknown}`],
    ['with lyrics', count(totals.withLyrics)],
    ['rejected rows', count(totals.rejected)],
    ...rejectionLines(totals.rejections).map((line) => ['', line.slice(2)]),
    ['audio', duration(totals.audioSeconds)],
    ['algorithms', algorithms.map(({ name, version }) => `${name} ${version}`).join(', ')],
    ['shards', `${count(totals.shards)}, of about ${duration(totals.shardSeconds)} of work each`],
    ...(concurrency === undefined
      ? []
      : [['time here', `about ${duration(weightSeconds / concurrency)} on ${plural(concurrency, 'core')}`]]),
  ];
  return `${table(lines)}\n${costText(cost)}`;
}
