/** `status` of a run of 60 million tracks in S3 and Batch. */
import { fileURLToPath } from 'node:url';
import { MAX_CHECKPOINTS_READ } from '../src/operations/shard-states.ts';
import { openSyntheticAccount } from '../test/aws/synthetic-account.ts';
import { SyntheticRun } from '../test/aws/synthetic-run.ts';
import type { Benchmark } from './harness/benchmark.ts';
import { type CommandFigures, timeCommand } from './harness/command.ts';
import { median, pairedRounds } from './harness/paired.ts';
import { backfill } from './harness/product.ts';

const PROGRAM = fileURLToPath(new URL('results/status-program.ts', import.meta.url));
const SHARDS = 60_000;

interface Look extends CommandFigures {
  readonly requests: ReadonlyMap<string, number>;
  /** Of the call alone; of the whole process for the command. */
  readonly seconds: number;
}

export const status: Benchmark = {
  name: 'status',
  summary: '`status` of a run of 60 million tracks in 60,000 shards, on stand-ins of S3 and Batch',
  async run({ rounds, scale, say }) {
    const run = new SyntheticRun(Math.max(100, Math.round(SHARDS * scale)));
    say(`storing a run of ${run.shards} shards`);
    const synthetic = await openSyntheticAccount(run);
    const { account, requests } = synthetic;
    const environment = { ...account.env, AWS_ENDPOINT_URL_S3: synthetic.endpoint };
    try {
      const look = async (command: Parameters<typeof timeCommand>[0]): Promise<Look> => {
        requests.clear();
        const figures = await timeCommand(command);
        return { ...figures, requests: new Map(requests), seconds: figures.wallSeconds };
      };
      const looks = await pairedRounds({
        rounds,
        warmUp: true,
        ours: () => look(backfill(['status', '--store', account.store], { environment })),
        peer: async () => {
          const call = await look({
            program: process.execPath,
            arguments: [PROGRAM, account.store],
            environment,
          });
          const told = JSON.parse(call.stdout) as { readonly seconds: number; readonly finished: number };
          if (told.finished !== run.count('finished'))
            throw new Error(`${told.finished} were told as finished`);
          return { ...call, seconds: told.seconds };
        },
      });
      const middle = (side: readonly Look[], figure: (one: Look) => number): number =>
        median(side.map(figure));
      const seconds = middle(looks.ours, (one) => one.seconds);
      const call = middle(looks.peer, (one) => one.seconds);
      const [largest] = looks.ours.map((one) => one.requests).toSorted((a, b) => total(b) - total(a));
      const peak = Math.max(...looks.ours.map((one) => one.peakBytes));
      const cpu = middle(looks.ours, (one) => one.cpuSeconds);
      return {
        findings: [
          {
            what: 'the command, seconds; beside it the call alone',
            ours: `${seconds.toFixed(2)} s, of CPU ${cpu.toFixed(2)} s`,
            peer: `${call.toFixed(2)} s`,
            value: seconds,
            goal: { most: 8 },
          },
          {
            what: 'requests to S3',
            ours: [...(largest ?? [])].map(([operation, count]) => `${count} ${operation}`).join(', '),
            value: total(largest ?? new Map()),
            goal: { most: 170 + MAX_CHECKPOINTS_READ },
          },
          {
            what: 'peak memory, MB',
            ours: `${Math.round(peak / 1e6)} MB`,
            value: peak / 1e6,
            goal: { most: 450 },
          },
        ],
        notes: [
          `${run.count('finished')} shards finished, ${run.count('under-way')} under way, ${run.jobs.length} array jobs`,
          'S3 and Batch are servers of the process that measures, on the same machine, with a proxy that counts',
        ],
      };
    } finally {
      await synthetic.close();
    }
  },
};

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
