import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { makeScratchDirectory } from '../../src/executor/local/scratch.ts';

const NOW = 1_800_000_000;
const HOUR = 3600;

it('clears away what killed runs left long ago, and nothing else', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'scratch-'));
  for (const [name, hours] of [
    ['backfill-scratch-old', 25],
    ['backfill-scratch-fresh', 23],
    ['backfill-store', 1000],
  ] as const) {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, 'part.m4a'), 'x');
    await utimes(join(directory, name), NOW - hours * HOUR, NOW - hours * HOUR);
  }
  const made = await makeScratchDirectory(directory, NOW);
  expect((await readdir(directory)).toSorted()).toEqual(
    ['backfill-scratch-fresh', 'backfill-store', basename(made)].toSorted(),
  );
  await rm(directory, { recursive: true });
});
