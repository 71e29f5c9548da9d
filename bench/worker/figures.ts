/** What the processes of a run under measurement say of themselves. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CommandFigures, timeCommand } from '../harness/command.ts';
import type { MemorySample } from './memory-curve.ts';
import type { StoredShard } from './shard.ts';

const PROGRAM = fileURLToPath(new URL('program.ts', import.meta.url));

export interface ProcessFigures {
  readonly role: 'command' | 'worker' | 'attempt';
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  /** Of an attempt: from the start of its first row, whose sources are there, to the end of its last. */
  readonly rowsSeconds?: number;
  readonly memory?: readonly MemorySample[];
}

/** The whole process tree, and each process of it. */
export interface ShardFigures extends CommandFigures {
  readonly processes: Readonly<Record<ProcessFigures['role'], ProcessFigures>>;
}

/** Works a run of one shard with all processes of a local run. */
export async function timeShard(
  { folder, run }: StoredShard,
  options: { readonly memory?: boolean; readonly environment?: NodeJS.ProcessEnv } = {},
): Promise<ShardFigures> {
  const path = join(folder, 'figures.jsonl');
  const figures = await timeCommand({
    program: process.execPath,
    arguments: [PROGRAM, 'command', folder, run],
    environment: {
      ...options.environment,
      BENCH_FIGURES: path,
      ...(options.memory === true ? { BENCH_MEMORY: '1' } : {}),
    },
  });
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  await rm(path);
  const processes = Object.fromEntries(
    lines.map((line) => {
      const noted = JSON.parse(line) as ProcessFigures;
      return [noted.role, noted];
    }),
  ) as Record<ProcessFigures['role'], ProcessFigures>;
  return { ...figures, processes };
}
