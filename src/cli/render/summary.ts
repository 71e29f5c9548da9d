import type { BatchStatus, RunStatus } from '../../run/status.ts';
import { count, duration, plural } from './quantities.ts';
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
 */
export function statusText(status: RunStatus, vcpuPrice: number): string {
  const { runId, state, tracks, algorithms, failures, shards, seconds, batch } = status;
  const lines = [
    `run ${runId}: ${state}${seconds === 0 ? '' : ` after ${duration(seconds)}`}`,
    `${plural(tracks.accepted, 'track')}${tracks.rejected === 0 ? '' : `, ${plural(tracks.rejected, 'row')} of the manifest rejected`}; ` +
      `${count(shards.finished)} of ${plural(shards.total, 'shard')} finished`,
    ...(batch === undefined ? [] : batchLines(batch, status, vcpuPrice)),
    '',
    table(
      [
        ['algorithm', 'succeeded', 'failed', 'pending'],
        ...Object.entries(algorithms).map(([name, { succeeded, failed, pending }]) => [
          name,
          count(succeeded),
          count(failed),
          count(pending),
        ]),
      ],
      [1, 2, 3],
    ),
  ];
  const codes = Object.entries(failures).toSorted(([, a], [, b]) => b - a);
  if (codes.length > 0) {
    lines.push(table([['failures', ''], ...codes.map(([code, number]) => [code, count(number)])], [1]));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** `2 running, 4,000 runnable`: workers by their state on AWS Batch. */
export function workersText(workers: Readonly<Record<string, number>>): string {
  return Object.entries(workers)
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${count(number)} ${state.toLowerCase()}`)
    .join(', ');
}

function batchLines(batch: BatchStatus, status: RunStatus, vcpuPrice: number): string[] {
  const { reclaims, seconds } = status.work;
  const workers = workersText(batch.workers);
  const spent = `about $${spentDollars(status, vcpuPrice).toFixed(2)} at $${vcpuPrice} a vCPU and hour`;
  return [
    `AWS Batch, queue ${batch.queue}, ${batch.definition}${workers === '' ? '' : `: ${workers}`}`,
    `worked ${duration(seconds)}, ${spent}; ${plural(reclaims, 'reclaim')}`,
    ...(batch.unsubmitted === 0
      ? []
      : [`${plural(batch.unsubmitted, 'job')} not submitted yet: backfill resume sees to it`]),
    ...(batch.waiting === undefined ? [] : [`nothing starts: ${batch.waiting}`]),
    ...(batch.unasked === undefined ? [] : [`AWS Batch could not be asked: ${batch.unasked}`]),
  ];
}

/** What the work of a run has cost so far, USD: workers have one vCPU each. */
function spentDollars({ work }: RunStatus, vcpuPrice: number): number {
  return (work.seconds / 3600) * vcpuPrice;
}
