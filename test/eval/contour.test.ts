import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scoreContour, truthFrames } from '../../eval/scores/contour.ts';

const HOP = 0.01;

test('frames belong to a note by their centres, once it is shifted by the lag', () => {
  const truth = truthFrames([[0.1, 0.15, 60]], { hop: HOP, lag: 0.06 });
  const sung = [...truth.keys()].filter((frame) => truth[frame] !== 0);
  expect(sung).toEqual([16, 17, 18, 19, 20]);
});

test('what comes later than a second after the last note is not scored', () => {
  const truth = truthFrames([[0, 1, 60]], { hop: HOP, lag: 0 });
  expect(truth).toHaveLength(200);
  const voiced = new Uint8Array(300).fill(1, 200);
  expect(scoreContour(truth, { pitches: new Float32Array(300), voiced }).voicingFalseAlarms).toBe(0);
});

test('each measure counts what it is named after', () => {
  const truth = Float32Array.of(60, 60, 60, 60, 0, 0, 0, 0);
  const score = scoreContour(truth, {
    // Right; an octave up and 40 cents off, but called unsung; 80 cents off; no guess; and a false alarm.
    pitches: Float32Array.of(60.2, 72.4, 60.8, 0, 70, 0, 0, 0),
    voiced: Uint8Array.of(1, 0, 1, 0, 1, 0, 0, 0),
  });
  expect(score).toMatchObject({
    rca50: 50,
    rca100: 75,
    rpa: 25,
    rpaShifted: 25,
    voicingRecall: 50,
    voicingFalseAlarms: 25,
    rca50Voiced: 25,
  });
});

test('no guess is never right, whatever pitch the truth has', () => {
  const truth = Float32Array.of(48, 60, 72);
  const score = scoreContour(truth, { pitches: new Float32Array(3), voiced: new Uint8Array(3) });
  expect(score).toMatchObject({ rca50: 0, rca100: 0, rpa: 0, rpaShifted: 0 });
});

test('a contour that ends early has found nothing after its end', () => {
  const truth = Float32Array.of(60, 60, 60, 60);
  const score = scoreContour(truth, { pitches: Float32Array.of(60, 60), voiced: Uint8Array.of(1, 1) });
  expect(score).toMatchObject({ rca50: 50, voicingRecall: 50 });
});

test('there is no share of false alarms where everything is sung', () => {
  const score = scoreContour(Float32Array.of(60), {
    pitches: new Float32Array(1),
    voiced: new Uint8Array(1),
  });
  expect(score.voicingFalseAlarms).toBeNaN();
});

test('a chart in another octave changes the raw pitch alone', () => {
  const frames = fc.array(
    fc.record({
      midi: fc.constantFrom(0, 52, 55, 60, 64),
      pitch: fc.double({ min: 40, max: 75, noNaN: true }),
      voiced: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(frames, fc.integer({ min: -2, max: 2 }), (frames, octaves) => {
      const contour = {
        pitches: Float32Array.from(frames, ({ pitch }) => pitch),
        voiced: Uint8Array.from(frames, ({ voiced }) => Number(voiced)),
      };
      const charted = Float32Array.from(frames, ({ midi }) => midi);
      const moved = charted.map((midi) => (midi === 0 ? 0 : midi + 12 * octaves));
      const { rpa, octaves: up, ...others } = scoreContour(charted, contour);
      const { rpa: movedRpa, octaves: movedUp, ...movedOthers } = scoreContour(moved, contour);
      expect(movedOthers).toEqual(others);
      for (const [exact, shifted] of [
        [rpa, others.rpaShifted],
        [movedRpa, others.rpaShifted],
      ] as const) {
        if (!Number.isNaN(exact)) expect(exact).toBeLessThanOrEqual(shifted);
      }
      if (others.rpaShifted > 0 && up === 0) expect(rpa).toBe(others.rpaShifted);
      if (others.rpaShifted > 0 && movedUp === 0) expect(movedRpa).toBe(others.rpaShifted);
    }),
  );
});
