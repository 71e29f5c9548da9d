import { expect, it } from 'vitest';
import { matchText } from '../../src/cli/render/match.ts';
import type { RecordingMatch } from '../../src/operations/match-recordings.ts';

const MATCH: RecordingMatch = {
  verdict: 'same',
  score: 0.934,
  bitErrorRate: 0.0312,
  offsetSeconds: 0,
  overlapSeconds: 100.04,
  matchedSeconds: 100.04,
  stretches: [{ startASeconds: 0, startBSeconds: 0, seconds: 100.04, bitErrorRate: 0.0312 }],
  a: { kind: 'file', source: 'a.mp3', durationSeconds: 185, distinctCodes: 940 },
  b: { kind: 'track', trackId: 't-1', runId: 'r-1', durationSeconds: 165, distinctCodes: 930 },
};
const SIDES = ['A  file a.mp3, 3 min 05 s', 'B  track t-1 of run r-1, 2 min 45 s'];
const SAME = 'the same recording: score 0.93, 3.1 % bit errors';

function lines(match: Partial<RecordingMatch>): string[] {
  return matchText({ ...MATCH, ...match })
    .trimEnd()
    .split('\n');
}

it('names the two, the verdict, and which one begins later', () => {
  const alike = '100.0 s alike of 100.0 s that overlap';
  expect(lines({})).toEqual([...SIDES, SAME, `they begin together; ${alike}`]);
  expect(lines({ offsetSeconds: 10.03 }).at(-1)).toBe(`B begins 10.0 s into A; ${alike}`);
  expect(lines({ offsetSeconds: -10.03 }).at(-1)).toBe(`A begins 10.0 s into B; ${alike}`);
});

it('says which pieces of the one are which of the other, where there are several', () => {
  const stretches = [
    { startASeconds: 0, startBSeconds: 0, seconds: 40, bitErrorRate: 0.02 },
    { startASeconds: 60, startBSeconds: 40, seconds: 60, bitErrorRate: 0.04 },
  ];
  expect(lines({ offsetSeconds: 20, stretches })).toEqual([
    ...SIDES,
    SAME,
    'B begins 20.0 s into A; 100.0 s alike of 100.0 s that overlap',
    '  0.0 to 40.0 s of A are 0.0 to 40.0 s of B',
    '  60.0 to 120.0 s of A are 40.0 to 100.0 s of B',
  ]);
});

it('says what different ones have in common, if anything', () => {
  const different = { ...MATCH, verdict: 'different', score: 0.164 } as const;
  expect(lines({ ...different, matchedSeconds: 20 }).slice(2)).toEqual([
    'different recordings: score 0.16, 3.1 % bit errors',
    'they begin together; 20.0 s alike of 100.0 s that overlap',
  ]);
  expect(lines({ ...different, stretches: [] })).toHaveLength(3);
});

it('says which one is too short or too steady', () => {
  const undecidable = { ...MATCH, verdict: 'undecidable', stretches: [] } as const;
  expect(lines({ ...undecidable, b: { ...MATCH.b, distinctCodes: 3 } }).slice(2)).toEqual([
    'too little to tell: 30 different codes are needed, B has 3 (short, silent or steady)',
  ]);
});
