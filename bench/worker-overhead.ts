import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Algorithm } from '../src/algorithms/algorithm.ts';
import type { Benchmark, BenchmarkContext, BenchmarkReport, Finding } from './harness/benchmark.ts';
import { requireProgram } from './harness/command.ts';
import { median, medianRatio, pairedRounds } from './harness/paired.ts';
import { figure } from './harness/report.ts';
import { type ShardFigures, timeShard } from './worker/figures.ts';
import type { MemorySample } from './worker/memory-curve.ts';
import { NO_OP_AUDIO, NO_OP_LYRICS } from './worker/no-op.ts';
import { type ShardOptions, type ShardTrack, type StoredShard, storeShard } from './worker/shard.ts';

/** The longest shard that planning cuts. */
const MANY_TRACKS = 100_000;
/** What a shard costs apart from its tracks is in both, and falls out of the difference. */
const FEW_TRACKS = MANY_TRACKS / 10;
const AUDIO_TRACKS = 50;

const GOAL_CPU_MILLISECONDS = 2;
/** How much more memory the second half of a shard may take than there was at a fifth of it. */
const GOAL_GROWTH = 1.1;
/**
 * The memory of outcomes that wait for their commit is bounded, and gone with it. This shard's work is over before the
 * first commit would be due, so commits are made as dense in its tracks as they are in those of a long one.
 */
const MEMORY_CHECKPOINT_SECONDS = 1;

const FILES = 1000;

/** What a worker's own doing costs: reading a row, opening a file, keeping and committing outcomes, Parquet. */
export const workerOverhead: Benchmark = {
  name: 'worker-overhead',
  summary: 'CPU and memory of a whole local run, a track, with an algorithm that does nothing',
  async run(context: BenchmarkContext): Promise<BenchmarkReport> {
    const { rounds, scale, say } = context;
    const many = Math.round(MANY_TRACKS * scale);
    const few = Math.round(FEW_TRACKS * scale);
    const shard = (tracks: number, name: string, options?: ShardOptions): Promise<StoredShard> =>
      lyricsShard(join(context.scratch, name), tracks, options);
    say(`CPU: ${many} and ${few} tracks in turn, ${rounds} times`);
    const sides = await pairedRounds<ShardFigures>({
      rounds,
      ours: async (round) => timeShard(await shard(many, `many-${round}`)),
      peer: async (round) => timeShard(await shard(few, `few-${round}`)),
    });
    const millisecondsATrack = (of: (figures: ShardFigures) => number): number =>
      median(
        sides.ours.map((long, round) => {
          const short = sides.peer[round] as ShardFigures;
          return ((of(long) - of(short)) / (many - few)) * 1000;
        }),
      );
    const total = millisecondsATrack(({ cpuSeconds }) => cpuSeconds);
    const perProcess = (['attempt', 'worker', 'command'] as const).map(
      (role) => `${role} ${figure(millisecondsATrack(({ processes }) => processes[role].cpuSeconds))}`,
    );
    say(`memory: ${many} tracks`);
    const checkpointed = await shard(many, 'memory', { checkpointSeconds: MEMORY_CHECKPOINT_SECONDS });
    const memory = await timeShard(checkpointed, { memory: true });
    const curve = memory.processes.attempt.memory ?? [];
    const peak = medianRatio(sides, ({ peakBytes }) => peakBytes);
    return {
      findings: [
        {
          what: 'CPU a track, lyrics no-op',
          ours: `${figure(total)} ms`,
          value: total,
          goal: { most: GOAL_CPU_MILLISECONDS },
        },
        growth('heap after collection', curve, ({ heapUsed, external }) => heapUsed + external),
        growth('resident after collection', curve, ({ rss }) => rss),
        {
          what: `peak resident, ${many} tracks over ${few}`,
          ours: mebibytes(median(sides.ours.map(({ peakBytes }) => peakBytes))),
          peer: mebibytes(median(sides.peer.map(({ peakBytes }) => peakBytes))),
          value: peak.median,
        },
        await audioFinding(context),
      ],
      notes: [
        `ms CPU a track by process: ${perProcess.join(', ')}`,
        'tracks done: resident; heap and buffers; after a full collection (the last: results are published)',
        ...curve.map(
          ({ tracks, rss, heapUsed, external }) =>
            `${String(tracks).padStart(7)}: ${mebibytes(rss)}, ${mebibytes(heapUsed + external)}`,
        ),
      ],
    };
  },
};

/** The most of the second half over what there was at a fifth. */
function growth(what: string, curve: readonly MemorySample[], of: (sample: MemorySample) => number): Finding {
  const worked = curve.slice(0, -1);
  const early = of(worked[1] as MemorySample);
  const late = Math.max(...worked.slice(worked.length / 2).map(of));
  return {
    what: `${what}, second half over a fifth`,
    ours: mebibytes(late),
    peer: mebibytes(early),
    value: late / early,
    goal: { most: GOAL_GROWTH },
  };
}

/** For information: what decoding next to nothing costs, in starting ffprobe and ffmpeg. */
async function audioFinding({ scratch, scale, say }: BenchmarkContext): Promise<Finding> {
  requireProgram('ffmpeg', 'apt-get install ffmpeg');
  const tracks = Math.max(10, Math.round(AUDIO_TRACKS * scale));
  say(`audio: ${tracks} tracks of a tenth of a second, and ${2 * tracks}`);
  const [long, short] = [
    await timeShard(await audioShard(join(scratch, 'audio-long'), 2 * tracks)),
    await timeShard(await audioShard(join(scratch, 'audio-short'), tracks)),
  ];
  const milliseconds = ((long.cpuSeconds - short.cpuSeconds) / tracks) * 1000;
  return { what: 'CPU a track, audio no-op', ours: `${figure(milliseconds)} ms`, value: milliseconds };
}

async function lyricsShard(folder: string, count: number, options?: ShardOptions): Promise<StoredShard> {
  await mkdir(join(folder, 'lyrics'), { recursive: true });
  for (let file = 0; file < FILES; file++) {
    await writeFile(join(folder, 'lyrics', `${file}.lrc`), `[00:01.00]la la ${file}\n`);
  }
  const sources = (index: number): Omit<ShardTrack, 'trackId'> => ({
    audioUri: `audio/${index % FILES}.mp3`,
    lyricsUri: `lyrics/${index % FILES}.lrc`,
  });
  return shardOf(folder, NO_OP_LYRICS, count, sources, options);
}

async function audioShard(folder: string, count: number): Promise<StoredShard> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tick.wav'), waveFile(new Int16Array(800), 8000));
  return shardOf(folder, NO_OP_AUDIO, count, () => ({ audioUri: 'tick.wav' }));
}

function shardOf(
  folder: string,
  algorithm: Algorithm,
  count: number,
  sources: (index: number) => Omit<ShardTrack, 'trackId'>,
  options: ShardOptions = {},
): Promise<StoredShard> {
  const tracks = Array.from({ length: count }, (_, index) => ({
    trackId: `track-${String(index).padStart(8, '0')}`,
    ...sources(index),
  }));
  return storeShard(folder, tracks, algorithm, options);
}

/** Mono PCM of 16 bits as RIFF/WAVE: soundfile.sapp.org/doc/WaveFormat. */
function waveFile(samples: Int16Array, sampleRate: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(2 * sampleRate, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
}

function mebibytes(bytes: number): string {
  return `${figure(bytes / 2 ** 20)} MiB`;
}
