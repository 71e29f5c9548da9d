/**
 * Scores the pitch algorithm on songs with a known melody (pitch-songs.ts says what a data folder holds).
 *
 *     node eval/pitch.ts <data folder> [rendered songs: 10]
 *
 * Needs ffmpeg, and fluidsynth for the rendered songs. The data folder may come as EVAL_DATA.
 */
import { CentreFrames } from '../src/algorithms/pitch/centre-frames.ts';
import { type Melody, traceMelody } from '../src/algorithms/pitch/melody.ts';
import { MelodyFeatures } from '../src/algorithms/pitch/melody-features.ts';
import { segmentNotes } from '../src/algorithms/pitch/notes.ts';
import { WINDOW } from '../src/algorithms/pitch/pitch-grid.ts';
import { realFft } from '../src/audio/fft.ts';
import { type SungNote, stereo, voice } from '../test/algorithms/pitch/synthetic-song.ts';
import { type ContourScore, mean, noteF1, scoreContour, truthFrames } from './pitch-scores.ts';
import { type MelodySong, renderedMelodies, ultrastarSongs } from './pitch-songs.ts';

interface Scored {
  readonly score: ContourScore;
  readonly notes: number;
  readonly truth: Float32Array;
  readonly melody: Melody;
}

/** RPA 8va: after shifting the truth by the octaves that suit the song best. */
const HEADINGS = ['RCA50', 'RCA100', 'RPA', 'RPA 8va', 'VR', 'VFA', 'RCA50v', 'note F1'];

const [data = process.env['EVAL_DATA'], renderedCount = '10'] = process.argv.slice(2);
if (data === undefined) {
  console.error('usage: node eval/pitch.ts <data folder> [rendered songs: 10]');
  process.exit(2);
}
// A first song warms the compiler, so that the figures for CPU hold for a long run.
await analyse(soloVoice().samples);
await report('one voice alone, synthesised', [soloVoice()]);
await report('sung songs', ultrastarSongs(data));
await report('rendered MIDI', renderedMelodies(data, Number(renderedCount)));

async function report(title: string, songs: Iterable<MelodySong>): Promise<void> {
  console.log(`\n${title}`.padEnd(42), HEADINGS.map((heading) => heading.padStart(8)).join(''));
  const all: Scored[] = [];
  let cpuSeconds = 0;
  let audioSeconds = 0;
  for (const { name, samples, notes, lag } of songs) {
    const before = process.cpuUsage();
    const melody = await analyse(samples);
    const { user, system } = process.cpuUsage(before);
    cpuSeconds += (user + system) / 1e6;
    audioSeconds += samples.length / 32_000;
    const truth = truthFrames(notes, lag, melody.pitches.length);
    const score = scoreContour(truth, melody.pitches, melody.evidence, 0);
    const f1 = noteF1(notes, lag, segmentNotes(melody));
    all.push({ score, notes: f1, truth, melody });
    console.log(name.padEnd(40), figures(score, f1));
  }
  if (all.length === 0) return;
  console.log(
    'mean'.padEnd(40),
    figures(meanScore(all.map(({ score }) => score)), mean(all.map((one) => one.notes))),
  );
  console.log(
    `RCA50v at VFA: ${curve(all)}; ${((cpuSeconds / audioSeconds) * 240).toFixed(2)} s CPU for 240 s`,
  );
}

function figures(score: ContourScore, f1: number): string {
  const { rca50, rca100, rpa, rpaShifted, recall, falseAlarms, rca50Voiced } = score;
  const values = [rca50, rca100, rpa, rpaShifted, recall, falseAlarms, rca50Voiced, f1];
  return values.map((value) => value.toFixed(1).padStart(8)).join('');
}

/** Means over the songs as the threshold of voicing moves. */
function curve(all: readonly Scored[]): string {
  const points = Array.from({ length: 81 }, (_, index) => {
    const threshold = 20 - index / 2;
    return meanScore(
      all.map(({ truth, melody }) => scoreContour(truth, melody.pitches, melody.evidence, threshold)),
    );
  });
  return [15, 20, 27, 30, 44, 63]
    .map((wanted) => {
      const point = points.reduce((best, one) =>
        Math.abs(one.falseAlarms - wanted) < Math.abs(best.falseAlarms - wanted) ? one : best,
      );
      return `${point.rca50Voiced.toFixed(1)} at ${point.falseAlarms.toFixed(0)}`;
    })
    .join(', ');
}

function meanScore(scores: readonly ContourScore[]): ContourScore {
  const of = (measure: keyof ContourScore): number => mean(scores.map((score) => score[measure]));
  return {
    rca50: of('rca50'),
    rca100: of('rca100'),
    rpa: of('rpa'),
    rpaShifted: of('rpaShifted'),
    recall: of('recall'),
    falseAlarms: of('falseAlarms'),
    rca50Voiced: of('rca50Voiced'),
  };
}

async function analyse(samples: Float32Array): Promise<Melody> {
  const features = new MelodyFeatures();
  const frames = new CentreFrames(await realFft(WINDOW), (spectrum) => features.add(spectrum));
  frames.write(samples);
  frames.end();
  return traceMelody(features);
}

/** Two minutes of scales and leaps over two octaves, every third note with vibrato. */
function soloVoice(): MelodySong {
  const notes: SungNote[] = [];
  for (let index = 0; index < 240; index++) {
    const midi = 50 + ((index * 7) % 25);
    const start = index * 0.5;
    notes.push({ start, end: start + 0.4, midi, vibrato: index % 3 === 0 ? 0.4 : 0 });
  }
  return {
    name: 'scales and leaps',
    samples: stereo(voice(notes, 120)),
    notes: notes.map(({ start, end, midi }) => [start, end, midi]),
    lag: 0,
  };
}
