import type { Chromagram } from '../chorus/chroma-tap.ts';
import type { FoundChorus } from '../chorus/find-chorus.ts';
import { encodeGreyPng } from './png.ts';
import { selfSimilarityImage } from './self-similarity-image.ts';
import { clock, document, element, line, text } from './svg.ts';

/** Sections that someone, or something, has named. */
export interface Strip {
  readonly name: string;
  readonly sections: readonly { readonly label: string; readonly start: number; readonly end: number }[];
}

const MATRIX = 720;
const LEFT = 90;
const RIGHT = 20;
const TITLE = 50;
const STRIP = 20;
const BOTTOM = 64;
const TRUE_COLOUR = '#1a7f37';
const EXCERPT_COLOUR = '#d1242f';
const FOUND_COLOUR = '#0969da';
/** Chorus first; other labels in the order in which they come. */
const LABEL_COLOURS = [
  '#2da44e',
  '#54aeff',
  '#d4a72c',
  '#bf87ff',
  '#ff8182',
  '#6e7781',
  '#4ac26b',
  '#fb8f44',
];
const TICK_SECONDS = [5, 10, 15, 30, 60, 120, 300, 600];
const MOST_TICKS = 14;

/**
 * A track against itself: dark diagonals are repetitions. Above, what is true, what was found and the excerpt; on
 * the matrix, every pair of true choruses (what a method has to see), the sections found, and where the excerpt lies.
 */
export function matrixPlot(
  name: string,
  chromagram: Chromagram,
  truth: readonly Strip[],
  found: FoundChorus,
): string {
  const seconds = chromagram.rows.length / chromagram.width / chromagram.rate;
  const strips: Strip[] = [
    ...truth,
    {
      name: 'found',
      sections: found.sections.map(({ label, start_s, end_s }) => ({ label, start: start_s, end: end_s })),
    },
  ];
  const top = TITLE + (strips.length + 1) * STRIP + 8;
  // Some labels go on after the recording has ended.
  const share = (time: number): number => Math.min(1, time / seconds);
  const x = (time: number): number => LEFT + MATRIX * share(time);
  const y = (time: number): number => top + MATRIX * share(time);
  const { pixels, size } = selfSimilarityImage(chromagram);
  const image = Buffer.from(encodeGreyPng(pixels, size)).toString('base64');
  const choruses = truth[0]?.sections.filter(({ label }) => label === 'chorus') ?? [];
  return document(LEFT + MATRIX + RIGHT, top + MATRIX + BOTTOM, [
    title(name, found),
    ...strips.flatMap((strip, index) => stripOf(strip, TITLE + index * STRIP, x)),
    ...excerptStrip(found, TITLE + strips.length * STRIP, x),
    element('image', {
      x: LEFT,
      y: top,
      width: MATRIX,
      height: MATRIX,
      href: `data:image/png;base64,${image}`,
      preserveAspectRatio: 'none',
    }),
    ...choruses.flatMap((one) => choruses.map((other) => box([one, other], [x, y], TRUE_COLOUR))),
    ...found.sections.map(({ start_s: start, end_s: end }) =>
      box(
        [
          { start, end },
          { start, end },
        ],
        [x, y],
        FOUND_COLOUR,
      ),
    ),
    ...excerptBands(found, [x, y]),
    ...axes(seconds, top, [x, y]),
    ...legend(top + MATRIX + 54, choruses.length > 0),
  ]);
}

type Scale = (seconds: number) => number;
type Stretch = { readonly start: number; readonly end: number };

function title(name: string, { excerpt, confidence }: FoundChorus): string {
  const said =
    excerpt === undefined
      ? 'no excerpt'
      : `excerpt ${excerpt.map((time) => time.toFixed(1)).join(' to ')} s, confidence ${confidence?.toFixed(2) ?? '?'}`;
  return (
    text(name, { x: LEFT, y: 20 }, { 'font-size': 16, 'font-weight': 'bold' }) +
    text(said, { x: LEFT, y: 38 }, { fill: '#57606a' })
  );
}

function stripOf({ name, sections }: Strip, top: number, x: Scale): string[] {
  const labels = [...new Set(sections.map(({ label }) => label).filter((label) => label !== 'chorus'))];
  return [
    text(name, { x: LEFT - 8, y: top + 13, anchor: 'end' }),
    ...sections.flatMap(({ label, start, end }) => [
      element('rect', {
        x: x(start),
        y: top + 1,
        width: x(end) - x(start),
        height: STRIP - 3,
        fill: LABEL_COLOURS[(labels.indexOf(label) + 1) % LABEL_COLOURS.length] as string,
        'fill-opacity': 0.65,
        stroke: 'white',
      }),
      text(label, { x: (x(start) + x(end)) / 2, y: top + 13, anchor: 'middle' }, { 'font-size': 10 }),
    ]),
  ];
}

function excerptStrip({ excerpt }: FoundChorus, top: number, x: Scale): string[] {
  const label = text('excerpt', { x: LEFT - 8, y: top + 13, anchor: 'end' });
  if (excerpt === undefined) return [label];
  const [start, end] = excerpt;
  const bar = { x: x(start), y: top + 4, width: x(end) - x(start), height: STRIP - 9, fill: EXCERPT_COLOUR };
  return [label, element('rect', bar)];
}

/** Where one stretch meets another. */
function box(
  [across, down]: readonly [Stretch, Stretch],
  [x, y]: readonly [Scale, Scale],
  stroke: string,
): string {
  return element('rect', {
    x: x(across.start),
    y: y(down.start),
    width: x(across.end) - x(across.start),
    height: y(down.end) - y(down.start),
    fill: 'none',
    stroke,
    'stroke-width': 1.5,
  });
}

/** The excerpt against the whole track: where it is dark along a diagonal within the band, it comes back. */
function excerptBands({ excerpt }: FoundChorus, [x, y]: readonly [Scale, Scale]): string[] {
  if (excerpt === undefined) return [];
  const [start, end] = excerpt;
  const paint = { fill: EXCERPT_COLOUR, 'fill-opacity': 0.12, stroke: EXCERPT_COLOUR, 'stroke-opacity': 0.6 };
  return [
    element('rect', { x: LEFT, y: y(start), width: MATRIX, height: y(end) - y(start), ...paint }),
  ].concat(
    box(
      [
        { start, end },
        { start, end },
      ],
      [x, y],
      EXCERPT_COLOUR,
    ),
  );
}

function axes(seconds: number, top: number, [x, y]: readonly [Scale, Scale]): string[] {
  const step = TICK_SECONDS.find((one) => seconds / one <= MOST_TICKS) ?? 1200;
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
  const bottom = top + MATRIX;
  const tick = { stroke: 'black' };
  return [
    element('rect', { x: LEFT, y: top, width: MATRIX, height: MATRIX, fill: 'none', stroke: 'black' }),
    ...ticks.flatMap((time) => [
      line([x(time), bottom], [x(time), bottom + 5], tick),
      text(clock(time), { x: x(time), y: bottom + 18, anchor: 'middle' }),
      line([LEFT - 5, y(time)], [LEFT, y(time)], tick),
      text(clock(time), { x: LEFT - 8, y: y(time) + 4, anchor: 'end' }),
    ]),
    text('time, min:s', { x: LEFT + MATRIX / 2, y: bottom + 36, anchor: 'middle' }),
  ];
}

function legend(y: number, hasChoruses: boolean): string[] {
  const entries = [
    ...(hasChoruses ? [['two true choruses meet', TRUE_COLOUR] as const] : []),
    ['section found', FOUND_COLOUR] as const,
    ['excerpt', EXCERPT_COLOUR] as const,
  ];
  return entries.flatMap(([label, stroke], index) => {
    const x = LEFT + 200 * index;
    return [
      element('rect', { x, y: y - 9, width: 18, height: 10, fill: 'none', stroke, 'stroke-width': 2 }),
      text(label, { x: x + 24, y }),
    ];
  });
}
