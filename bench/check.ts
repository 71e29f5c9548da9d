/**
 * The regression check of `.ci/run`: `npm run bench:check`. Figures that do not drift with the machine (bytes,
 * requests, allocations, ratios of CPU time with wide margins), each held to a limit that says why it is what it is.
 * Exit 0: all hold. 1: one does not; what was found, the limit, and where to look stand on stdout.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Check, holds } from './check/check.ts';
import { LYRICS_CHECKS } from './check/lyrics-checks.ts';
import { PLANNING_CHECKS } from './check/planning-checks.ts';
import { REQUEST_CHECKS } from './check/request-checks.ts';
import { figure } from './harness/report.ts';

for (const check of [...PLANNING_CHECKS, ...REQUEST_CHECKS, ...LYRICS_CHECKS]) await run(check);

async function run(check: Check): Promise<void> {
  const { name, limit, reason, look } = check;
  const scratch = await scratchOf();
  const found = await check.measure(scratch);
  const bound = 'least' in limit ? `at least ${figure(limit.least)}` : `at most ${figure(limit.most)}`;
  const kept = holds(found, limit);
  process.stdout.write(`${kept ? 'holds' : 'FAILS'}  ${name}: ${figure(found)}, ${bound}\n`);
  await rm(scratch, { recursive: true, force: true });
  if (kept) return;
  process.stdout.write(`       the limit: ${reason}\n       look at: ${look}\n`);
  process.exitCode = 1;
}

function scratchOf(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'backfill-check-'));
}
