import type { ScoredMelody } from '../pitch/score-song.ts';
import { contourRuns, type Judgement } from './contour-runs.ts';
import { clock, document, element, line, text } from './svg.ts';

const ROW_SECONDS = 30;
const PIXELS_A_SECOND = 46;
const PIXELS_A_SEMITONE = 7;
const LEFT = 46;
const RIGHT = 14;
const TITLE = 66;
/** Between one row and the next: its times. */
const GAP = 30;
/** Semitones that are shown above and below the truth. */
const MARGIN = 4;
const GRID_SECONDS = 5;
const NAMES = ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'];

const COLOURS: Readonly<Record<Judgement, { readonly colour: string; readonly meaning: string }>> = {
  right: { colour: '#1a7f37', meaning: 'found, right' },
  octave: { colour: '#8250df', meaning: 'found, another octave' },
  wrong: { colour: '#d1242f', meaning: 'found, wrong pitch' },
  'false alarm': { colour: '#fb8f44', meaning: 'found where nobody sings' },
};
const TRUTH_COLOUR = '#afb8c1';
const NOTE_COLOUR = '#0969da';

/** MIDI pitches from the bottom of a row to its top. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * A contour and its notes over the notes of the truth, 30 s a row. The truth stands in the octave that suits the
 * contour best; what is found beyond the rows' range is drawn at their edge.
 */
export function contourPlot(scored: ScoredMelody): string {
  const { song, truth, hop, score } = scored;
  const up = 12 * score.octaves;
  const pitches = song.notes.map(([, , midi]) => midi + up);
  const low = pitches.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY) - MARGIN;
  const high = pitches.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) + MARGIN;
  const range = { low, high };
  const height = (high - low) * PIXELS_A_SEMITONE;
  const rows = Math.ceil((truth.length * hop) / ROW_SECONDS);
  const width = LEFT + ROW_SECONDS * PIXELS_A_SECOND + RIGHT;
  return document(width, TITLE + rows * (height + GAP), [
    ...heading(scored),
    ...Array.from({ length: rows }, (_, row) =>
      element(
        'g',
        { transform: `translate(${LEFT} ${TITLE + row * (height + GAP)})` },
        ...rowOf(scored, row * ROW_SECONDS, range),
      ),
    ),
  ]);
}

function heading({ song, score, noteF1 }: ScoredMelody): string[] {
  const figures = [
    `RCA50 ${score.rca50.toFixed(1)}`,
    `RCA50v ${score.rca50Voiced.toFixed(1)}`,
    `VR ${score.voicingRecall.toFixed(1)}`,
    `VFA ${score.voicingFalseAlarms.toFixed(1)}`,
    `RPA ${score.rpa.toFixed(1)}`,
    `note F1 ${noteF1.toFixed(2)}`,
    `truth moved by ${song.lag} s and ${score.octaves} octaves`,
  ];
  const entries: [string, string][] = [
    ['true note', TRUTH_COLOUR],
    ['note found', NOTE_COLOUR],
    ...Object.values(COLOURS).map(({ meaning, colour }): [string, string] => [meaning, colour]),
  ];
  return [
    text(song.name, { x: LEFT, y: 20 }, { 'font-size': 16, 'font-weight': 'bold' }),
    text(figures.join('   '), { x: LEFT, y: 38 }, { fill: '#57606a' }),
    ...entries.flatMap(([label, colour], index) => {
      const x = LEFT + 190 * index;
      return [
        element('rect', { x, y: 47, width: 18, height: 8, fill: colour }),
        text(label, { x: x + 24, y: 55 }),
      ];
    }),
  ];
}

/** One row from `start` seconds on, its upper left corner at 0, 0. */
function rowOf(scored: ScoredMelody, start: number, range: Range): string[] {
  const { song, notes, score } = scored;
  const end = start + ROW_SECONDS;
  const x = (time: number): number => (Math.max(start, Math.min(end, time)) - start) * PIXELS_A_SECOND;
  const y = (midi: number): number =>
    (range.high - Math.max(range.low, Math.min(range.high, midi))) * PIXELS_A_SEMITONE;
  const noteBox = (from: number, to: number, midi: number) => ({
    x: x(from),
    y: y(midi + 0.5),
    width: Math.max(1, x(to) - x(from)),
    height: PIXELS_A_SEMITONE,
  });
  const inRow = (from: number, to: number): boolean => to > start && from < end;
  return [
    ...grid(start, range),
    ...song.notes
      .map(([from, to, midi]) => [from + song.lag, to + song.lag, midi + 12 * score.octaves] as const)
      .filter(([from, to]) => inRow(from, to))
      .map(([from, to, midi]) => element('rect', { ...noteBox(from, to, midi), fill: TRUTH_COLOUR })),
    ...notes
      .filter(({ start_s, end_s }) => inRow(start_s, end_s))
      .map(({ start_s, end_s, midi }) =>
        element('rect', {
          ...noteBox(start_s, end_s, midi),
          fill: 'none',
          stroke: NOTE_COLOUR,
          'stroke-width': 0.8,
        }),
      ),
    ...contourRuns(scored, start, end).map(({ judgement, points }) =>
      element('polyline', {
        points: points.map(({ time, midi }) => `${x(time).toFixed(1)},${y(midi).toFixed(1)}`).join(' '),
        fill: 'none',
        stroke: COLOURS[judgement].colour,
        'stroke-width': 1.8,
        'stroke-linecap': 'round',
      }),
    ),
  ];
}

/** Lines at every natural note and every five seconds, with their names. */
function grid(start: number, { low, high }: Range): string[] {
  const width = ROW_SECONDS * PIXELS_A_SECOND;
  const height = (high - low) * PIXELS_A_SEMITONE;
  const y = (midi: number): number => (high - midi) * PIXELS_A_SEMITONE;
  const drawn: string[] = [
    element('rect', { width, height, fill: 'none', stroke: '#8c959f' }),
    text('pitch', { x: -LEFT + 4, y: -6 }, { 'font-size': 10, fill: '#57606a' }),
  ];
  for (let midi = Math.ceil(low); midi <= high; midi++) {
    const name = NAMES[midi % 12] as string;
    if (name.length > 1) continue;
    drawn.push(line([0, y(midi)], [width, y(midi)], { stroke: name === 'C' ? '#8c959f' : '#eaeef2' }));
    if (['C', 'E', 'G'].includes(name)) {
      const octave = Math.floor(midi / 12) - 1;
      drawn.push(text(`${name}${octave}`, { x: -6, y: y(midi) + 4, anchor: 'end' }, { 'font-size': 10 }));
    }
  }
  for (let time = start; time <= start + ROW_SECONDS; time += GRID_SECONDS) {
    const x = (time - start) * PIXELS_A_SECOND;
    const unit = time === start ? ' min:s' : '';
    drawn.push(
      line([x, 0], [x, height], { stroke: '#d0d7de' }),
      text(clock(time) + unit, { x, y: height + 14, anchor: unit === '' ? 'middle' : 'start' }),
    );
  }
  return drawn;
}
