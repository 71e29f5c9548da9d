import { LEAST_DISTINCT_CODES } from '../../algorithms/fingerprint/common-stretches.ts';
import type { MatchSide } from '../../operations/match-side.ts';
import type { RecordingMatch } from '../../operations/match-recordings.ts';
import { duration } from './quantities.ts';

/** How two recordings compare, for people: the two, the verdict, and what they have in common. */
export function matchText(match: RecordingMatch): string {
  const { a, b, stretches } = match;
  const lines = [`A  ${sideText(a)}`, `B  ${sideText(b)}`, verdictText(match)];
  if (stretches.length > 0) lines.push(commonText(match));
  if (stretches.length > 1) {
    for (const { startASeconds, startBSeconds, seconds } of stretches) {
      lines.push(`  ${span(startASeconds, seconds)} of A are ${span(startBSeconds, seconds)} of B`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

function sideText(side: MatchSide): string {
  const name = side.kind === 'track' ? `track ${side.trackId} of run ${side.runId}` : `file ${side.source}`;
  return `${name}, ${duration(side.durationSeconds)}`;
}

function verdictText({ verdict, score, bitErrorRate, a, b }: RecordingMatch): string {
  const figures = `score ${score.toFixed(2)}, ${(100 * bitErrorRate).toFixed(1)} % bit errors`;
  if (verdict === 'same') return `the same recording: ${figures}`;
  if (verdict === 'different') return `different recordings: ${figures}`;
  const wanting = [['A', a.distinctCodes] as const, ['B', b.distinctCodes] as const].filter(
    ([, codes]) => codes < LEAST_DISTINCT_CODES,
  );
  const counts = wanting.map(([name, codes]) => `${name} has ${codes}`).join(', ');
  return `too little to tell: ${LEAST_DISTINCT_CODES} different codes are needed, ${counts} (short, silent or steady)`;
}

function commonText({ offsetSeconds, matchedSeconds, overlapSeconds }: RecordingMatch): string {
  const alike = `${matchedSeconds.toFixed(1)} s alike of ${overlapSeconds.toFixed(1)} s that overlap`;
  if (offsetSeconds === 0) return `they begin together; ${alike}`;
  const [late, early] = offsetSeconds > 0 ? ['B', 'A'] : ['A', 'B'];
  return `${late} begins ${Math.abs(offsetSeconds).toFixed(1)} s into ${early}; ${alike}`;
}

function span(start: number, seconds: number): string {
  return `${start.toFixed(1)} to ${(start + seconds).toFixed(1)} s`;
}
