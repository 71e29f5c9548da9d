// `npm run test:explore [-- FILE...]`: the property tests, with a seed of their own each time and many times as many
// runs. The seed is printed; BACKFILL_EXPLORE=SEED runs the same again. Plain JavaScript, so that any Node runs it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const NODE = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

const seed = process.env.BACKFILL_EXPLORE ?? String(Math.floor(Math.random() * 2 ** 31));
process.stderr.write(`seed ${seed}: BACKFILL_EXPLORE=${seed} npm run test:explore runs the same again\n`);
const { status } = spawnSync(
  NODE,
  [VITEST, 'run', '--config', 'vitest.explore.config.ts', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, BACKFILL_EXPLORE: seed } },
);
process.exitCode = status ?? 1;
