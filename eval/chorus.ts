/**
 * Scores the chorus algorithm on labelled songs.
 *
 *     node eval/chorus.ts <data folder> [soundfont.sf2]
 *
 * The data folder holds `ultrastar-dev/<song>/` with `audio.*` and `truth.json` (`chorus`: occurrences as
 * [start s, end s], or null) and `pop909-dev/<song>.mid` with `<song>.json` (two annotators' sections as
 * [label, start s, end s]). MIDI is rendered with fluidsynth. Needs ffmpeg.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chorus } from '../src/algorithms/chorus/chorus.ts';
import type { JsonRow } from '../src/results/columns.ts';
import { withProgram } from './midi-program.ts';

type Span = readonly [start: number, end: number];
type Section = readonly [label: string, start: number, end: number];
interface Result {
  readonly start_s: number;
  readonly end_s: number;
  readonly confidence: number;
  readonly sections: readonly { readonly label: string; readonly start_s: number; readonly end_s: number }[];
}

/** General MIDI lead and voice programs, one song after another. */
const LEAD_PROGRAMS = [53, 80, 52, 66, 81, 73];
const BOUNDARY_TOLERANCE_S = 3;

const [data, soundfont = '/usr/share/sounds/sf2/FluidR3_GM.sf2'] = process.argv.slice(2);
if (data === undefined) {
  console.error('usage: node eval/chorus.ts <data folder> [soundfont.sf2]');
  process.exit(2);
}
await scoreChoruses(join(data, 'ultrastar-dev'));
await scoreBoundaries(join(data, 'pop909-dev'), soundfont);

async function scoreChoruses(folder: string): Promise<void> {
  const scores: { half: number; overlap: number; near: number; f1: number }[] = [];
  let cpu = 0;
  let seconds = 0;
  for (const song of existsSync(folder) ? readdirSync(folder) : []) {
    const audio = readdirSync(join(folder, song)).find((name) => name.startsWith('audio.'));
    if (audio === undefined) continue;
    const truth = JSON.parse(readFileSync(join(folder, song, 'truth.json'), 'utf8')) as {
      chorus: Span[] | null;
    };
    const run = await analyse(join(folder, song, audio));
    cpu += run.cpuSeconds;
    seconds += run.audioSeconds;
    const { start_s: start, end_s: end, confidence } = run.result;
    const excerpt = `${start.toFixed(1)}-${end.toFixed(1)} (${confidence.toFixed(2)})`;
    if (truth.chorus === null) {
      console.log(song.padEnd(40), excerpt, 'no chorus in the truth');
      continue;
    }
    const overlap = sum(truth.chorus.map((span) => common([start, end], span))) / (end - start);
    const distance = Math.min(...truth.chorus.map((span) => Math.abs(span[0] - start)));
    const f1 = Math.max(
      ...truth.chorus.map((span) => (2 * common([start, end], span)) / (end - start + span[1] - span[0])),
    );
    scores.push({ half: overlap >= 0.5 ? 1 : 0, overlap, near: distance <= 3 ? 1 : 0, f1 });
    console.log(
      song.padEnd(40),
      excerpt.padEnd(22),
      `overlap ${overlap.toFixed(2)} start off by ${distance.toFixed(1)} s F1 ${f1.toFixed(2)}`,
    );
  }
  if (scores.length === 0) return;
  const mean = (key: keyof (typeof scores)[number]): string =>
    (sum(scores.map((score) => score[key])) / scores.length).toFixed(2);
  console.log(
    `chorus: ${scores.length} songs, half in chorus ${mean('half')}, overlap ${mean('overlap')},`,
    `start within 3 s ${mean('near')}, best F1 ${mean('f1')};`,
    `${((cpu / seconds) * 240).toFixed(2)} s CPU for 240 s`,
  );
}

async function scoreBoundaries(folder: string, soundfont: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'eval-chorus-'));
  const scores: number[] = [];
  const songs = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.mid')) : [];
  try {
    for (const [index, name] of songs.entries()) {
      const midi = join(scratch, 'song.mid');
      const wave = join(scratch, 'song.wav');
      const program = LEAD_PROGRAMS[index % LEAD_PROGRAMS.length] as number;
      writeFileSync(midi, withProgram(readFileSync(join(folder, name)), 'MELODY', program));
      const options = ['-ni', '-q', '-g', '0.6', '-r', '44100', '-F', wave, soundfont, midi];
      execFileSync('fluidsynth', options, { stdio: 'ignore' });
      const { result } = await analyse(wave);
      const song = name.replace('.mid', '');
      const truth = JSON.parse(readFileSync(join(folder, `${song}.json`), 'utf8')) as {
        sections_annotator1: Section[];
        sections_annotator2: Section[];
      };
      const found = edges(result.sections.map((section) => [section.start_s, section.end_s]));
      const f = [truth.sections_annotator1, truth.sections_annotator2].map((sections) =>
        boundaryF(found, edges(sections.map((section) => [section[1], section[2]]))),
      );
      scores.push(Math.max(...f));
      const shown = result.sections.map((section) => `${section.label}@${section.start_s.toFixed(0)}`);
      console.log(song, `boundary F ${f.map((value) => value.toFixed(2)).join(' ')}`, shown.join(' '));
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  if (scores.length === 0) return;
  console.log(
    `boundaries: ${scores.length} songs, F at ${BOUNDARY_TOLERANCE_S} s against the nearer annotator`,
    (sum(scores) / scores.length).toFixed(3),
  );
}

async function analyse(file: string): Promise<{ result: Result; cpuSeconds: number; audioSeconds: number }> {
  const options = ['-v', 'error', '-i', file, '-f', 'f32le', '-ar', '16000', '-ac', '2', '-'];
  const bytes = execFileSync('ffmpeg', options, { maxBuffer: 2 ** 31 });
  const samples = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~7)),
  );
  const durationSeconds = samples.length / 32_000;
  const before = process.cpuUsage();
  const analysis = await chorus.open({
    trackId: file,
    language: undefined,
    source: {
      container: 'wav',
      codec: 'pcm_f32le',
      sampleRate: 16_000,
      channels: 2,
      bitrate: undefined,
      bitsPerSample: undefined,
      durationSeconds,
    },
    signal: new AbortController().signal,
  });
  for (let start = 0; start < samples.length; start += 32_768) {
    await analysis.write(samples.subarray(start, start + 32_768));
  }
  const row: JsonRow = chorus.present(await analysis.finish({ durationSeconds }));
  const { user, system } = process.cpuUsage(before);
  return {
    result: row as unknown as Result,
    cpuSeconds: (user + system) / 1e6,
    audioSeconds: durationSeconds,
  };
}

/** Seconds that two spans share. */
function common(a: Span, b: Span): number {
  return Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0]));
}

/** Where spans start and end, each time once. */
function edges(spans: readonly Span[]): number[] {
  return [...new Set(spans.flat())].sort((a, b) => a - b);
}

/** F measure of boundaries, matched one to one as often as possible (MIREX structural segmentation). */
function boundaryF(found: readonly number[], truth: readonly number[]): number {
  // Both ascend and the tolerance is one: taking the first that fits matches as many as possible.
  let hits = 0;
  let next = 0;
  for (const time of truth) {
    while (next < found.length && (found[next] as number) < time - BOUNDARY_TOLERANCE_S) next += 1;
    if (next < found.length && (found[next] as number) <= time + BOUNDARY_TOLERANCE_S) {
      hits += 1;
      next += 1;
    }
  }
  return found.length + truth.length === 0 ? 0 : (2 * hits) / (found.length + truth.length);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
