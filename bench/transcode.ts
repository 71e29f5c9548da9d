import { LADDER_PRESETS } from '../src/algorithms/transcode/ladder.ts';
import { marginal, type MarginalFigures } from './audio/marginal.ts';
import { parallelFfmpeg } from './audio/plain-ffmpeg.ts';
import { type Recording, readRecordings } from './audio/recordings.ts';
import { CONCURRENCY, runCatalogue } from './audio/run-catalogue.ts';
import type { Benchmark, BenchmarkContext, BenchmarkReport } from './harness/benchmark.ts';
import { type CommandFigures, requireProgram } from './harness/command.ts';
import { median, medianRatio, pairedRounds } from './harness/paired.ts';
import { figure } from './harness/report.ts';

/** Recordings of the long piece of work and of the short one; as many workers have as much to do. */
const LONG = 6;
const SHORT = 2;
const GOAL = 0.95;

interface Sample {
  readonly plain: MarginalFigures;
  /** With loudness measured; the same as `plain` of ours, which always does. */
  readonly measuring: MarginalFigures;
}

/** A run of transcode beside GNU parallel with ffmpeg. */
export const transcodeLadder: Benchmark = {
  name: 'transcode',
  summary: `tracks/s into the standard ladder, beside GNU parallel -j${CONCURRENCY} running ffmpeg with the same four outputs`,
  async run(context: BenchmarkContext): Promise<BenchmarkReport> {
    const { scratch, scale, say } = context;
    const long = Math.max(SHORT + 2, Math.round((LONG * scale) / 2) * 2);
    const recordings = middling(await readRecordings(context.recordings), long);
    requireProgram('parallel', 'apt-get install parallel');
    requireProgram('ffmpeg', 'apt-get install ffmpeg');
    const byHand = (measuring: boolean) => (catalogue: readonly Recording[]) =>
      parallelFfmpeg(catalogue, LADDER_PRESETS.standard, { scratch, measuring });
    const rounds = await pairedRounds<Sample>({
      rounds: context.rounds,
      ours: async (round) => {
        say(`round ${round + 1} of ${context.rounds}`);
        const figures = await twoSizes(recordings, (catalogue) =>
          runCatalogue({ algorithms: 'transcode', recordings: catalogue, scratch, shards: CONCURRENCY }),
        );
        return { plain: figures, measuring: figures };
      },
      peer: async () => ({
        plain: await twoSizes(recordings, byHand(false)),
        measuring: await twoSizes(recordings, byHand(true)),
      }),
    });
    const finding = (what: string, peer: keyof Sample, key: 'tracksPerSecond' | 'tracksPerCpuSecond') => {
      const of = ({ [peer]: figures }: Sample): number =>
        key === 'tracksPerSecond' ? figures.tracksPerSecond : 1 / figures.cpuPerTrack;
      const text = (samples: readonly Sample[]): string => {
        const value = median(samples.map(of));
        return key === 'tracksPerSecond' ? `${figure(value)} tracks/s` : `${figure(1 / value)} s CPU a track`;
      };
      return {
        what,
        ours: text(rounds.ours),
        peer: text(rounds.peer),
        value: medianRatio(rounds, of).median,
        goal: { least: GOAL },
      };
    };
    const start = median(rounds.ours.map(({ plain }) => plain.startSeconds));
    return {
      findings: [
        finding('tracks/s', 'plain', 'tracksPerSecond'),
        finding('tracks per CPU second', 'plain', 'tracksPerCpuSecond'),
        finding('tracks/s, both measure loudness', 'measuring', 'tracksPerSecond'),
        finding('tracks per CPU second, both measure loudness', 'measuring', 'tracksPerCpuSecond'),
        { what: 'start-up, s', ours: `${figure(start)} s`, value: start },
      ],
      notes: [
        `${long} and ${SHORT} recordings of ${figure(median(recordings.map(({ durationSeconds }) => durationSeconds)))} s; rates are of the difference, start-up is what is left`,
        'the same options of the same encoders on both sides; ours also measures loudness and true peak, checks each rendition, and stores it under its digest',
      ],
    };
  },
};

async function twoSizes(
  recordings: readonly Recording[],
  work: (catalogue: readonly Recording[]) => Promise<CommandFigures>,
): Promise<MarginalFigures> {
  const short = await work(recordings.slice(0, SHORT));
  const long = await work(recordings);
  return marginal({ tracks: SHORT, figures: short }, { tracks: recordings.length, figures: long });
}

/** So many recordings of about the median length: neither side waits at its end for one long track. */
function middling(recordings: readonly Recording[], count: number): readonly Recording[] {
  const length = median(recordings.map(({ durationSeconds }) => durationSeconds));
  const distance = ({ durationSeconds }: Recording): number => Math.abs(durationSeconds - length);
  return recordings.toSorted((a, b) => distance(a) - distance(b)).slice(0, count);
}
