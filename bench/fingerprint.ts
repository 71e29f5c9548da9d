import { readFile } from 'node:fs/promises';
import { marginal, type MarginalFigures } from './audio/marginal.ts';
import { type Recording, readRecordings, repeated } from './audio/recordings.ts';
import { CONCURRENCY, runCatalogue } from './audio/run-catalogue.ts';
import type { Benchmark, BenchmarkContext, BenchmarkReport } from './harness/benchmark.ts';
import { type CommandFigures, requireProgram, timeCommand } from './harness/command.ts';
import { median, medianRatio, pairedRounds } from './harness/paired.ts';
import { figure } from './harness/report.ts';

/** The long piece of work is the recordings so many times over, the short one once. */
const TIMES = 4;
const SHARDS = 4;
/** What xargs exits with where fpcalc did so: it does on files shorter than 120 s. */
const FPCALC_ENDED_EARLY = 123;
const GOAL = 0.95;

/** A run of fingerprints alone beside the shell loop that a user would write. */
export const fingerprintAlone: Benchmark = {
  name: 'fingerprint',
  summary: `tracks/s of a run beside xargs -P${CONCURRENCY} -n1 fpcalc over the same recordings`,
  async run(context: BenchmarkContext): Promise<BenchmarkReport> {
    const recordings = sample(await readRecordings(context.recordings), context.scale);
    requireProgram('fpcalc', 'apt-get install libchromaprint-tools');
    // Both sides find the files in memory.
    for (const { path } of recordings) await readFile(path);
    const rounds = await pairedRounds({
      rounds: context.rounds,
      ours: (round) => {
        context.say(`round ${round + 1} of ${context.rounds}`);
        return twoSizes(recordings, (catalogue) =>
          runCatalogue({
            algorithms: 'fingerprint',
            recordings: catalogue,
            scratch: context.scratch,
            shards: SHARDS,
          }),
        );
      },
      peer: () => twoSizes(recordings, xargsFpcalc),
    });
    const rate = medianRatio(rounds, ({ tracksPerSecond }) => tracksPerSecond);
    const cpu = medianRatio(rounds, ({ cpuPerTrack }) => 1 / cpuPerTrack);
    const middle = (side: 'ours' | 'peer', key: keyof MarginalFigures): number =>
      median(rounds[side].map((sample) => sample[key]));
    const rateText = (side: 'ours' | 'peer'): string => `${figure(middle(side, 'tracksPerSecond'))} tracks/s`;
    const cpuText = (side: 'ours' | 'peer'): string => `${figure(middle(side, 'cpuPerTrack') * 1000)} ms CPU`;
    return {
      findings: [
        {
          what: 'tracks/s, start-up apart',
          ours: rateText('ours'),
          peer: rateText('peer'),
          value: rate.median,
          goal: { least: GOAL },
        },
        {
          what: 'tracks per CPU second, start-up apart',
          ours: cpuText('ours'),
          peer: cpuText('peer'),
          value: cpu.median,
          goal: { least: GOAL },
        },
        {
          what: 'start-up, s',
          ours: `${figure(middle('ours', 'startSeconds'))} s, ${figure(middle('ours', 'startCpuSeconds'))} s CPU`,
          value: middle('ours', 'startSeconds'),
        },
      ],
      notes: [
        `${recordings.length} recordings, once and ${TIMES} times over: rates are of the difference, start-up is what is left of the short run`,
        `start-up: the command, and ${SHARDS} shards with a supervisor and an attempt each, ${CONCURRENCY} at a time`,
        `rounds: tracks/s ${figure(rate.low)} to ${figure(rate.high)}, CPU ${figure(cpu.low)} to ${figure(cpu.high)}`,
      ],
    };
  },
};

async function twoSizes(
  recordings: readonly Recording[],
  work: (catalogue: readonly Recording[]) => Promise<CommandFigures>,
): Promise<MarginalFigures> {
  const short = await work(recordings);
  const long = await work(repeated(recordings, TIMES));
  return marginal(
    { tracks: recordings.length, figures: short },
    { tracks: recordings.length * TIMES, figures: long },
  );
}

function xargsFpcalc(catalogue: readonly Recording[]): Promise<CommandFigures> {
  return timeCommand({
    program: 'xargs',
    arguments: ['-0', `-P${CONCURRENCY}`, '-n1', 'fpcalc'],
    input: catalogue.map(({ path }) => path).join('\0'),
    accepted: [0, FPCALC_ENDED_EARLY],
  });
}

/** A trial takes every so manieth recording. */
function sample(recordings: readonly Recording[], scale: number): readonly Recording[] {
  const step = Math.max(1, Math.round(1 / scale));
  return recordings.filter((_, index) => index % step === 0);
}
