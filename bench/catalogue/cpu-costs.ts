/**
 * What the planner weighs tracks with, measured: CPU seconds of the shared decode and of each algorithm, a track and
 * a second of audio. All of it is the whole product's CPU (command, worker and codecs, under GNU time); a part is
 * what a run takes with it beyond what the same run takes without.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { selectAlgorithms } from '../../src/algorithms/registry.ts';
import type { Algorithm } from '../../src/algorithms/algorithm.ts';
import { timeCommand } from '../harness/command.ts';
import { backfill } from '../harness/product.ts';
import { type Recordings, secondsOf } from './recordings.ts';

export type Cost = Algorithm['cost'];

/** One round's figures. */
export interface MeasuredCosts {
  /** CPU seconds of a run by itself: its command, its worker, whatever it works. */
  readonly startSeconds: number;
  readonly decode: Cost;
  readonly algorithms: Readonly<Record<'fingerprint' | 'chorus' | 'pitch', Cost>>;
  /** Of a track with all three, decode included: measured in one run, not added up. */
  readonly together: Cost;
}

/** Measures once. `whole` and `excerpts` are the same tracks; `single` is one of the excerpts. */
export async function measureCosts(options: {
  readonly whole: Recordings;
  readonly excerpts: Recordings;
  readonly single: Recordings;
  readonly scratch: string;
}): Promise<MeasuredCosts> {
  const { whole, excerpts, single, scratch } = options;
  const sets = ['chorus', 'pitch', 'chorus,pitch', 'chorus,fingerprint', 'chorus,fingerprint,pitch'] as const;
  const long: Record<string, number> = {};
  const short: Record<string, number> = {};
  for (const set of sets) {
    long[set] = await cpuOfRun(set, whole, scratch);
    short[set] = await cpuOfRun(set, excerpts, scratch);
  }
  const lone = await cpuOfRun('chorus', single, scratch);
  /** What one set takes more than another. */
  const beyond = (more: (typeof sets)[number], less: (typeof sets)[number], most?: number): Cost =>
    solve(
      { cpuSeconds: minus(long[more], long[less]), recordings: whole },
      { cpuSeconds: minus(short[more], short[less]), recordings: excerpts },
      most,
    );
  const chorus = beyond('chorus,pitch', 'pitch');
  const pitch = beyond('chorus,pitch', 'chorus');
  const [fingerprintAlgorithm] = selectAlgorithms(['fingerprint']);
  const input = fingerprintAlgorithm?.input;
  const heard = input?.kind === 'samples' ? input.maxSeconds : undefined;
  const fingerprint = beyond('chorus,fingerprint', 'chorus', heard);
  // A run of one excerpt and a run of all differ by so many tracks.
  const others = excerpts.tracks.length - 1;
  const excerptSeconds = minus(short['chorus'], lone) / others;
  const startSeconds = lone - excerptSeconds;
  const inAll = (cpu: Record<string, number>, set: string): number => (cpu[set] ?? Number.NaN) - startSeconds;
  const together = solve(
    { cpuSeconds: inAll(long, 'chorus,fingerprint,pitch'), recordings: whole },
    { cpuSeconds: inAll(short, 'chorus,fingerprint,pitch'), recordings: excerpts },
  );
  const decode = solve(
    { cpuSeconds: inAll(long, 'chorus') - cpuOf(chorus, whole), recordings: whole },
    { cpuSeconds: inAll(short, 'chorus') - cpuOf(chorus, excerpts), recordings: excerpts },
  );
  return { startSeconds, decode, algorithms: { fingerprint, chorus, pitch }, together };
}

/** CPU seconds of a run on one core. */
export async function cpuOfRun(
  algorithms: string,
  { manifest }: Recordings,
  scratch: string,
): Promise<number> {
  const store = join(scratch, 'store');
  const { cpuSeconds } = await timeCommand(
    backfill(['run', manifest, '-a', algorithms, '--store', store, '--concurrency', '1', ...ONE_SHARD], {
      // Failed tracks cost as well.
      accepted: [0, 1],
    }),
  );
  await rm(store, { recursive: true });
  return cpuSeconds;
}

const ONE_SHARD = ['--shard-minutes', '600', '--max-rejected', '0'];

interface Sample {
  readonly cpuSeconds: number;
  readonly recordings: Recordings;
}

/** Two equations, two unknowns: so much for each track, and so much for each second that is heard of it. */
export function solve(long: Sample, short: Sample, most?: number): Cost {
  const [longSeconds, shortSeconds] = [secondsOf(long.recordings, most), secondsOf(short.recordings, most)];
  const perAudioSecond = (long.cpuSeconds - short.cpuSeconds) / (longSeconds - shortSeconds);
  const tracks = short.recordings.tracks.length;
  return { perAudioSecond, perTrackSeconds: (short.cpuSeconds - perAudioSecond * shortSeconds) / tracks };
}

function cpuOf(cost: Cost, recordings: Recordings): number {
  return cost.perTrackSeconds * recordings.tracks.length + cost.perAudioSecond * secondsOf(recordings);
}

function minus(more: number | undefined, less: number | undefined): number {
  return (more ?? Number.NaN) - (less ?? Number.NaN);
}
