import type { Verification } from '../../operations/verify-run.ts';
import { bytes, count, plural } from './quantities.ts';
import { table } from './table.ts';

/** What a verification found, for people. */
export function verificationText(verification: Verification): string {
  const { runId, proven, deep, tracks, algorithms, renditions, violations, violationCount } = verification;
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
  const files =
    renditions.files === 0
      ? ''
      : `${plural(renditions.files, 'rendition')}, ${bytes(renditions.bytes)}: ` +
        `${deep ? 'digests compared' : 'sizes compared; --deep compares digests'}\n`;
  const unsaid = violationCount - violations.length;
  const wrong = [...violations, ...(unsaid === 0 ? [] : [`and ${count(unsaid)} more`])];
  return `${verdict}\n\n${outcomes}${files}${wrong.map((line) => `  ${line}\n`).join('')}`;
}
