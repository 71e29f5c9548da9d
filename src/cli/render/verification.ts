import type { Verification } from '../../operations/verify-run.ts';
import { count, plural } from './quantities.ts';
import { table } from './table.ts';

/** What a verification found, for people. */
export function verificationText(verification: Verification): string {
  const { runId, proven, tracks, algorithms, violations, violationCount } = verification;
  const verdict = proven
    ? `run ${runId}: proven. ${plural(tracks.total, 'row')} of the manifest: ${count(tracks.rejected)} rejected, ` +
      `${count(tracks.accepted)} with exactly one outcome of each algorithm`
    : `run ${runId}: NOT proven, ${plural(violationCount, 'violation')}`;
  const outcomes = table(
    [
      ['algorithm', 'succeeded', 'failed', 'sum'],
      ...Object.entries(algorithms).map(([name, { succeeded, failed }]) => [
        name,
        count(succeeded),
        count(failed),
        count(succeeded + failed),
      ]),
    ],
    [1, 2, 3],
  );
  const unsaid = violationCount - violations.length;
  const wrong = [...violations, ...(unsaid === 0 ? [] : [`and ${count(unsaid)} more`])];
  return `${verdict}\n\n${outcomes}${wrong.map((line) => `  ${line}\n`).join('')}`;
}
