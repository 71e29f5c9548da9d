import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandFigures, timeCommand } from '../harness/command.ts';
import { backfill } from '../harness/product.ts';
import { type Recording, writeManifest } from './recordings.ts';

/** Workers at one time, and processes at one time of every peer. */
export const CONCURRENCY = 2;

export interface CatalogueRun {
  readonly algorithms: string;
  readonly recordings: readonly Recording[];
  readonly scratch: string;
  /** How many shards the catalogue is cut into, about: so that runs of several sizes start as many workers. */
  readonly shards: number;
  readonly concurrency?: number;
}

/** `backfill run` over recordings on this machine, with a store of its own in the scratch folder. */
export async function runCatalogue(run: CatalogueRun): Promise<CommandFigures> {
  const { algorithms, recordings, scratch, shards, concurrency = CONCURRENCY } = run;
  const manifest = await writeManifest(join(scratch, 'manifest.csv'), recordings);
  const store = join(scratch, 'store');
  const planned = await timeCommand(
    backfill(['plan', manifest, '-a', algorithms, '--shard-minutes', '600', '--json']),
  );
  const { cpuHours } = JSON.parse(planned.stdout) as { cpuHours: number };
  const shardMinutes = (cpuHours * 60) / shards;
  const figures = await timeCommand(
    // biome-ignore format: options with their values
    backfill([
      'run', manifest, '-a', algorithms, '--store', store, '--executor', 'local',
      '--concurrency', String(concurrency), '--shard-minutes', String(shardMinutes),
    ]),
  );
  await rm(store, { recursive: true });
  return figures;
}
