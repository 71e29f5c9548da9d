import type { Pace } from '../../run/pace.ts';
import type { BatchStatus, RunStatus } from '../../run/status.ts';
import { paceParts, sampleText } from './progress-text.ts';
import { count, duration, percent, plural } from './quantities.ts';
import { table } from './table.ts';
import { jsonDocument } from './json.ts';

/** The document that `run --json` and its like end with. */
export function statusDocument(status: RunStatus, vcpuPrice: number): string {
  const cost = status.batch === undefined ? {} : { spentDollars: spentDollars(status, vcpuPrice) };
  return jsonDocument({ ...status, ...cost });
}

/**
 * A run's status for people.
 * @param vcpuPrice USD for a vCPU and hour
 * @param pace as far as whoever watches the run has found it out
 */
export function statusText(status: RunStatus, vcpuPrice: number, pace?: Pace): string {
  const { runId, state, tracks, algorithms, failures, shards, seconds, batch, notices } = status;
  const number = (value: number, estimated: boolean): string => `${estimated ? 'about ' : ''}${count(value)}`;
  const lines = [
    `run ${runId}: ${state}${seconds === 0 ? '' : ` after ${duration(seconds)}`}`,
    `${plural(tracks.accepted, 'track')}${tracks.rejected === 0 ? '' : `, ${plural(tracks.rejected, 'row')} of the manifest rejected`}; ` +
      `${count(shards.finished)} of ${plural(shards.total, 'shard')} finished${shards.started === 0 ? '' : `, ${count(shards.started)} under way`}`,
    ...(state === 'finished' ? [] : [progressText(status)]),
    ...(pace === undefined ? [] : [paceParts(pace, true).join(', ')]),
    ...(batch === undefined ? [] : batchLines(batch, status, vcpuPrice)),
    ...notices.map((notice) => `note: ${notice}`),
    '',
    table(
      [
        ['algorithm', 'succeeded', 'failed', 'pending'],
        ...Object.entries(algorithms).map(([name, { succeeded, failed, pending, estimated }]) => [
          name,
          number(succeeded, estimated),
          number(failed, estimated),
          number(pending, estimated),
        ]),
      ],
      [1, 2, 3],
    ),
  ];
  const codes = Object.entries(failures).toSorted(([, a], [, b]) => b - a);
  if (codes.length > 0) {
    const estimated = Object.values(algorithms).some((algorithm) => algorithm.estimated);
    const rows = codes.map(([code, failed]) => [code, number(failed, estimated)]);
    lines.push(table([['failures', ''], ...rows], [1]));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** How much is committed, and whether that is measured. What workers have in hand is not known from here. */
function progressText({ progress, shards }: RunStatus): string {
  const { fraction, estimated } = progress;
  if (fraction === 0 && !estimated) {
    return shards.started === 0
      ? 'nothing is committed yet'
      : 'nothing of the shards under way is committed yet';
  }
  const share = `${estimated ? 'about ' : ''}${percent(fraction, 1)} of the planned work is committed`;
  return estimated ? `${share}, ${sampleText(progress)}` : share;
}

/** `2 running, 4,000 runnable`: workers by their state on AWS Batch. */
export function workersText(workers: Readonly<Record<string, number>>): string {
  return Object.entries(workers)
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${count(number)} ${state.toLowerCase()}`)
    .join(', ');
}

function batchLines(batch: BatchStatus, status: RunStatus, vcpuPrice: number): string[] {
  const { reclaims, seconds, estimated } = status.work;
  const about = estimated ? 'about ' : '';
  const workers = workersText(batch.workers);
  const spent = `about $${spentDollars(status, vcpuPrice).toFixed(2)} at $${vcpuPrice} a vCPU and hour`;
  return [
    `AWS Batch, queue ${batch.queue}, ${batch.definition}${workers === '' ? '' : `: ${workers}`}`,
    `committed work: ${about}${duration(seconds)}, ${spent}; ${about}${plural(reclaims, 'reclaim')}`,
    ...(batch.unsubmitted === 0
      ? []
      : [`${plural(batch.unsubmitted, 'job')} not submitted yet: backfill resume sees to it`]),
    ...(batch.waiting === undefined ? [] : [`nothing starts: ${batch.waiting}`]),
    ...(batch.unasked === undefined ? [] : [`AWS Batch could not be asked: ${batch.unasked}`]),
  ];
}

/** What the committed work of a run has cost, USD: workers have one vCPU each. What is in flight is not in it. */
function spentDollars({ work }: RunStatus, vcpuPrice: number): number {
  return (work.seconds / 3600) * vcpuPrice;
}
