/**
 * How property tests run; a setup file of every suite. `npm test` has the same seed always, so that a commit passes or
 * fails for everybody; `npm run test:explore` has another seed each time, and many times as many runs. A failure names
 * its seed and path. What exploring finds stays: as one of the test's `examples`, or a test of its own.
 */
import fc from 'fast-check';

const SEED = 20_261_128;
const RUNS = 100;
const EXPLORE_FACTOR = 20;

const explored = process.env['BACKFILL_EXPLORE'];

/** The runs of a property whose runs cost more, or find less, than most; more of them when exploring. */
export function numRuns(count: number): number {
  return explored === undefined ? count : count * EXPLORE_FACTOR;
}

fc.configureGlobal({ seed: explored === undefined ? SEED : Number(explored), numRuns: numRuns(RUNS) });
