/** Romanisation against the bare libraries that one would call in a loop. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Benchmark, BenchmarkContext, BenchmarkReport, Finding } from './harness/benchmark.ts';
import { timeCommand } from './harness/command.ts';
import { median, medianRatio, type PairedRounds, pairedRounds } from './harness/paired.ts';
import { backfill } from './harness/product.ts';
import { figure } from './harness/report.ts';
import {
  LANGUAGES,
  type LyricsLanguage,
  makeLyrics,
  SONG_LINES,
  type SongForm,
} from './romanisation/lyrics.ts';
import { romanisationSides, type SideFigures } from './romanisation/sides.ts';

const FILES = 5000;
const GOAL = { least: 0.8 };

const LIBRARIES: Readonly<Record<LyricsLanguage, string>> = {
  ja: 'kuromoji, readings in kana',
  zh: 'pinyin-pro',
  yue: 'to-jyutping',
  ko: 'koroman',
};

export const romanisationSpeed: Benchmark = {
  name: 'romanisation',
  summary: '5,000 LRC files of 40 lines, against the bare library of each language in a loop',
  run: measure,
};

async function measure(context: BenchmarkContext): Promise<BenchmarkReport> {
  const { rounds, scale, say } = context;
  const files = Math.max(1, Math.round((FILES * scale) / LANGUAGES.length));
  const findings: Finding[] = [];
  let [ours, peer] = [0, 0];
  for (const language of LANGUAGES) {
    say(`${language}: ${files} files`);
    const song = await bothSides(language, 'song', files, rounds);
    ours += median(song.ours.map(({ cpuSeconds }) => cpuSeconds));
    peer += median(song.peer.map(({ cpuSeconds }) => cpuSeconds));
    const through = await bothSides(language, 'through-composed', files, rounds);
    findings.push(
      { ...finding(`${language}: lines a CPU second`, language, song), goal: GOAL },
      finding(`${language}, no line of a file twice`, language, through),
    );
  }
  const lines = files * SONG_LINES * LANGUAGES.length;
  findings.push({
    what: `all ${figure(lines)} lines: lines a CPU second`,
    ours: figure(lines / ours),
    peer: figure(lines / peer),
    value: peer / ours,
    goal: GOAL,
  });
  say('the whole product');
  findings.push(await wholeProduct(context, files));
  return {
    findings,
    notes: [
      "ours: the algorithm's run() over a file's bytes, as the worker calls it: character set, LRC, language, words, and the file written again",
      'peer: decode UTF-8, split, take the stamps off, call the library once a line; dictionaries are loaded on both sides',
      'a file is a song: of its 40 lines a chorus of 6 comes three times, which the algorithm romanises once; the second figure of each language is of files without one',
    ],
  };
}

async function bothSides(
  language: LyricsLanguage,
  form: SongForm,
  files: number,
  rounds: number,
): Promise<PairedRounds<SideFigures>> {
  const sides = await romanisationSides({ language, form, files });
  try {
    return await pairedRounds<SideFigures>({ ...sides, rounds, warmUp: true });
  } finally {
    await sides.close();
  }
}

function finding(what: string, language: LyricsLanguage, measured: PairedRounds<SideFigures>): Finding {
  return {
    what,
    ours: figure(median(measured.ours.map(linesPerSecond))),
    peer: `${figure(median(measured.peer.map(linesPerSecond)))} (${LIBRARIES[language]})`,
    value: medianRatio(measured, linesPerSecond).median,
  };
}

function linesPerSecond({ lines, cpuSeconds }: SideFigures): number {
  return lines / cpuSeconds;
}

/** `backfill run -a romanisation` over the same files: command, workers, plan, checkpoints, Parquet. */
async function wholeProduct({ scratch }: BenchmarkContext, files: number): Promise<Finding> {
  const folder = join(scratch, 'lyrics');
  await mkdir(folder);
  const rows: string[] = [];
  for (const language of LANGUAGES) {
    for (let seed = 0; seed < files; seed += 1) {
      const name = `${language}-${seed}.lrc`;
      await writeFile(join(folder, name), makeLyrics(language, 'song', seed));
      rows.push(`${language}-${seed},none.flac,240,lyrics/${name},${language}`);
    }
  }
  const manifest = join(scratch, 'lyrics.csv');
  await writeFile(manifest, ['track_id,audio_uri,duration_s,lyrics_uri,language', ...rows, ''].join('\n'));
  const store = join(scratch, 'store');
  const { wallSeconds, cpuSeconds } = await timeCommand(
    backfill(['run', manifest, '-a', 'romanisation', '--store', store]),
  );
  const lines = rows.length * SONG_LINES;
  return {
    what: 'the whole product: lines a CPU second',
    ours: `${figure(lines / cpuSeconds)} (${figure(lines / wallSeconds)} a second)`,
    value: lines / cpuSeconds,
  };
}
