import type { RunStatus } from '../../run/status.ts';
import { count, duration, plural } from './quantities.ts';
import { table } from './table.ts';

/** The document that `run --json` and its like end with. */
export function statusDocument(status: RunStatus): string {
  return `${JSON.stringify(status, undefined, 2)}\n`;
}

/** A run's status for people. */
export function statusText(status: RunStatus): string {
  const { runId, state, tracks, algorithms, failures, shards, seconds } = status;
  const lines = [
    `run ${runId}: ${state}${seconds === 0 ? '' : ` after ${duration(seconds)}`}`,
    `${plural(tracks.accepted, 'track')}${tracks.rejected === 0 ? '' : `, ${plural(tracks.rejected, 'row')} of the manifest rejected`}; ` +
      `${count(shards.finished)} of ${plural(shards.total, 'shard')} finished`,
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
