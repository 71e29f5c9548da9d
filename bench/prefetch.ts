import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Algorithm } from '../src/algorithms/algorithm.ts';
import { fingerprint } from '../src/algorithms/fingerprint/fingerprint.ts';
import { romanisation } from '../src/algorithms/romanisation/romanisation.ts';
import type { Benchmark, BenchmarkContext, BenchmarkReport, Finding } from './harness/benchmark.ts';
import { requireProgram } from './harness/command.ts';
import { median, medianRatio, pairedRounds } from './harness/paired.ts';
import { figure } from './harness/report.ts';
import { NO_OP_LYRICS } from './worker/no-op.ts';
import { type ShardFigures, timeShard } from './worker/figures.ts';
import { startS3StandIn } from './worker/s3-stand-in.ts';
import { type ShardTrack, storeShard } from './worker/shard.ts';

const ANSWER_MILLISECONDS = 80;
const GOAL = 0.9;

const RECORDINGS = 48;
const GENERATED_SECONDS = 180;
/** A shard of lyrics holds up to 100,000: finding out how many requests S3 bears, from 8 on, is no great part of it. */
const SONGS = 10_000;
/** Lines of a song. */
const LINES = 40;
const BUCKET = 'catalogue';

/** What is worked, and from what. */
interface Setting {
  readonly what: string;
  readonly algorithm: Algorithm;
  /** A folder whose files are the objects. */
  readonly objects: string;
  readonly tracks: (names: readonly string[]) => readonly ShardTrack[];
}

/** Whether a worker waits for S3: sources that come after 80 ms beside the same that come at once. */
export const prefetch: Benchmark = {
  name: 'prefetch',
  summary: `tracks/s with an S3 that answers after ${ANSWER_MILLISECONDS} ms, and with one that answers at once`,
  async run(context: BenchmarkContext): Promise<BenchmarkReport> {
    const recordings = await recordingsOf(context);
    const lyrics = await lyricsOf(context);
    const settings: readonly Setting[] = [
      { what: 'fingerprint, recordings', algorithm: fingerprint, objects: recordings, tracks: audioTracks },
      { what: 'romanisation, Korean songs', algorithm: romanisation, objects: lyrics, tracks: lyricsTracks },
      {
        what: 'the same songs, nothing done',
        algorithm: NO_OP_LYRICS,
        objects: lyrics,
        tracks: lyricsTracks,
      },
    ];
    const findings: Finding[] = [];
    for (const setting of settings) findings.push(await measured(setting, context));
    return {
      findings,
      notes: [
        'seconds from the start of the first track, whose source is there, to the end of the last; one worker, its store a folder',
        context.recordings === undefined
          ? `recordings: ${RECORDINGS} generated mp3 of ${GENERATED_SECONDS} s (--recordings DIR takes real ones)`
          : 'recordings: real ones',
      ],
    };
  },
};

async function measured(setting: Setting, { scratch, rounds, say }: BenchmarkContext): Promise<Finding> {
  const { what, algorithm, objects } = setting;
  const tracks = setting.tracks(await readdir(objects));
  say(`${what}: ${tracks.length} tracks, ${rounds} times`);
  const startS3 = (answerAfterMilliseconds: number): ReturnType<typeof startS3StandIn> =>
    startS3StandIn({ bucket: BUCKET, folder: objects, answerAfterMilliseconds });
  const [slow, instant] = [await startS3(ANSWER_MILLISECONDS), await startS3(0)];
  const work = async (environment: NodeJS.ProcessEnv, name: string): Promise<ShardFigures> => {
    const folder = join(scratch, `${algorithm.name}-${name}`);
    await mkdir(folder);
    return timeShard(await storeShard(folder, tracks, algorithm), { environment });
  };
  try {
    const sides = await pairedRounds({
      rounds,
      ours: (round) => work(slow.environment, `slow-${round}`),
      peer: (round) => work(instant.environment, `instant-${round}`),
    });
    const perSecond = ({ processes }: ShardFigures): number =>
      tracks.length / (processes.attempt.rowsSeconds ?? Number.NaN);
    return {
      what: `tracks/s, ${what}`,
      ours: figure(median(sides.ours.map(perSecond))),
      peer: figure(median(sides.peer.map(perSecond))),
      value: medianRatio(sides, perSecond).median,
      goal: { least: GOAL },
    };
  } finally {
    slow.close();
    instant.close();
  }
}

function audioTracks(names: readonly string[]): ShardTrack[] {
  return names.map((name) => ({ trackId: name, audioUri: `s3://${BUCKET}/${name}` }));
}

function lyricsTracks(names: readonly string[]): ShardTrack[] {
  return names.map((name) => ({
    trackId: name,
    audioUri: `s3://${BUCKET}/none.mp3`,
    lyricsUri: `s3://${BUCKET}/${name}`,
  }));
}

/** A folder of recordings: real ones under plain names, or generated ones. */
async function recordingsOf({ recordings, scratch, scale }: BenchmarkContext): Promise<string> {
  const folder = join(scratch, 'recordings');
  await mkdir(folder);
  const count = Math.max(4, Math.round(RECORDINGS * scale));
  if (recordings === undefined) {
    const ffmpeg = requireProgram('ffmpeg', 'apt-get install ffmpeg');
    const path = join(folder, '0.mp3');
    const source = `aevalsrc=sin(2*PI*t*220*pow(2\\,mod(floor(t*4)*5\\,12)/12))/2:s=44100:d=${GENERATED_SECONDS}`;
    await promisify(execFile)(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', source, path]);
    for (let copy = 1; copy < count; copy++) await copyFile(path, join(folder, `${copy}.mp3`));
    return folder;
  }
  const files = (await readdir(recordings, { recursive: true })).filter((name) =>
    ['.mp3', '.ogg', '.flac', '.wav', '.m4a'].includes(extname(name)),
  );
  for (const [index, name] of files.slice(0, count).entries()) {
    await copyFile(join(recordings, name), join(folder, `${index}${extname(name)}`));
  }
  return folder;
}

/** A folder of Korean songs, which are romanised without a dictionary: the quickest to work of all lyrics. */
async function lyricsOf({ scratch, scale }: BenchmarkContext): Promise<string> {
  const folder = join(scratch, 'lyrics');
  await mkdir(folder);
  const lines = [
    '사랑해 너를 사랑해',
    '밤하늘의 별을 따라 걷는다',
    '같이 가자 저 바다로',
    '잊을 수 없는 그날의 노래',
  ];
  for (let song = 0; song < Math.max(100, Math.round(SONGS * scale)); song++) {
    const text = Array.from(
      { length: LINES },
      (_, line) =>
        `[${String(Math.floor(line / 20)).padStart(2, '0')}:${String((line * 3) % 60).padStart(2, '0')}.00]${lines[(song + line) % lines.length]} ${song}\n`,
    );
    await writeFile(join(folder, `${song}.lrc`), text.join(''));
  }
  return folder;
}
