import { bytesFetched } from './audio/bytes-fetched.ts';
import { beginningDecodes, wholeDecodes } from './audio/decode-cost.ts';
import { type Recording, readRecordings } from './audio/recordings.ts';
import { runCatalogue } from './audio/run-catalogue.ts';
import type { Benchmark, BenchmarkContext, BenchmarkReport } from './harness/benchmark.ts';
import { median } from './harness/paired.ts';
import { figure } from './harness/report.ts';

const TOGETHER = 'fingerprint,chorus,pitch';
const APART = ['fingerprint', 'chorus', 'pitch'];
/** Of the recordings, so that a round takes a minute or two. */
const EVERY = 6;
/** Of a third: the heads of HTTP answers differ by some bytes. */
const BYTES_TOLERANCE = 0.001;
const GOAL = 0.95;

interface Round {
  /** CPU seconds. */
  readonly together: number;
  readonly apart: number;
  /** Of a run by itself. */
  readonly start: number;
  readonly whole: number;
  readonly beginning: number;
}

/** One run of three algorithms beside three runs of one each. */
export const oneDecode: Benchmark = {
  name: 'one-decode',
  summary: `bytes fetched and CPU of one run of ${TOGETHER}, beside a run of each`,
  async run(context: BenchmarkContext): Promise<BenchmarkReport> {
    const { scratch, scale, say } = context;
    const all = await readRecordings(context.recordings);
    const step = Math.max(1, Math.round(EVERY / scale));
    const recordings = all.filter((_, index) => index % step === 0);
    const shortest = all.toSorted((a, b) => a.durationSeconds - b.durationSeconds).slice(0, 4);
    say('bytes');
    const [together = 0, ...apart] = await bytesFetched(shortest, [TOGETHER, ...APART], scratch);
    const bytesApart = apart.reduce((sum, bytes) => sum + bytes, 0);
    const rounds: Round[] = [];
    for (let round = 0; round < context.rounds; round += 1) {
      say(`CPU: round ${round + 1} of ${context.rounds}`);
      rounds.push(await measureRound(recordings, shortest.slice(0, 1), scratch));
    }
    const middle = (of: (round: Round) => number): number => median(rounds.map(of));
    const perTrack = (seconds: number): string =>
      `${figure((seconds / recordings.length) * 1000)} ms a track`;
    return {
      findings: [
        {
          what: 'bytes fetched, of those of three runs',
          ours: `${together.toLocaleString('en')} bytes`,
          peer: `${bytesApart.toLocaleString('en')} bytes`,
          value: together / bytesApart,
          goal: { most: 1 / 3 + BYTES_TOLERANCE },
        },
        {
          what: 'CPU saved, of that of two decodes',
          ours: `${perTrack(middle(saved))} saved`,
          peer: `${perTrack(middle(twoDecodes))} decoding`,
          value: middle((round) => saved(round) / twoDecodes(round)),
          goal: { least: GOAL },
        },
        {
          what: 'CPU of one run, of that of three',
          ours: `${figure(middle(({ together }) => together))} s`,
          peer: `${figure(middle(({ apart }) => apart))} s`,
          value: middle(({ together, apart }) => together / apart),
        },
      ],
      notes: [
        `bytes: ${shortest.length} recordings as objects of an S3 stand-in, all that it sends; CPU: ${recordings.length} recordings as files, one worker`,
        'saved: CPU of the three runs less that of the one, less two starts of a run (one is measured with the shortest recording)',
        `two decodes: a whole one (ffmpeg, ${perTrack(middle(({ whole }) => whole))}), which chorus and pitch share, and that of the first 120 s (${perTrack(middle(({ beginning }) => beginning))}), which fpcalc does where a run is of fingerprints alone`,
      ],
    };
  },
};

async function measureRound(
  recordings: readonly Recording[],
  one: readonly Recording[],
  scratch: string,
): Promise<Round> {
  const cpuOf = async (algorithms: string, catalogue: readonly Recording[]): Promise<number> => {
    const run = { algorithms, recordings: catalogue, scratch, shards: 1, concurrency: 1 };
    return (await runCatalogue(run)).cpuSeconds;
  };
  const start = await cpuOf('fingerprint', one);
  let apart = 0;
  for (const algorithm of APART) apart += await cpuOf(algorithm, recordings);
  const together = await cpuOf(TOGETHER, recordings);
  return {
    start,
    apart,
    together,
    whole: await wholeDecodes(recordings),
    beginning: await beginningDecodes(recordings, scratch),
  };
}

function saved({ apart, together, start }: Round): number {
  return apart - together - 2 * start;
}

function twoDecodes({ whole, beginning }: Round): number {
  return whole + beginning;
}
