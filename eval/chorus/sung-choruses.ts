import { refrains } from '../data/refrains.ts';
import { lrcOf, sungLines } from '../data/sung-lines.ts';
import type {
  Anchor,
  Column,
  EvaluationContext,
  Finding,
  SongRow,
  SongTable,
} from '../harness/evaluation.ts';
import { meanRow } from '../harness/report.ts';
import { scoreExcerpt, type Span } from '../scores/excerpt.ts';
import { mean } from '../scores/mean.ts';
import { median } from '../../bench/harness/paired.ts';
import { matrixPlot, type Strip } from '../plots/matrix-plot.ts';
import { BEST_ANCHOR, type BestAnchor, CHORUS_ANCHORS } from './anchors.ts';
import { findChorus, findChorusByWords, type FoundChorus } from './find-chorus.ts';
import type { SungTruth } from '../data/truth.ts';

/** Share of the excerpt that has to lie in a chorus for a hit. */
const HIT = 0.5;
/** Seconds by which its start may be off. */
const START_TOLERANCE = 3;

const COLUMNS: readonly Column[] = [
  { name: 'excerpt' },
  { name: 'confidence', digits: 2 },
  { name: 'half in' },
  { name: 'overlap', digits: 2 },
  { name: 'start ok' },
  { name: 'start off' },
  { name: 'refrain off' },
  { name: 'F1', digits: 2 },
  { name: 'CPU s', digits: 2 },
  { name: 'by words' },
  { name: 'its refrain off' },
];

/** What was found against one song's choruses: nothing found is no hit, at no distance. */
interface Hit {
  readonly halfIn: boolean;
  readonly startOk: boolean;
  readonly overlap: number;
  readonly f1: number;
  readonly startOff: number | undefined;
  readonly refrainOff: number | undefined;
}

export interface ScoredGroup {
  readonly table: SongTable;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** Scores excerpts against the choruses of sung songs. */
export async function scoreSungChoruses(context: EvaluationContext): Promise<ScoredGroup> {
  const songs: SongRow[] = [];
  const hits: Hit[] = [];
  const byWords: Hit[] = [];
  const notes: string[] = [];
  const cpuSeconds: number[] = [];
  for (const { name, audio, truth } of context.material.sungSongs) {
    context.say(name);
    const found = await findChorus(name, audio, context);
    notes.push(...found.failures);
    if (found.cpuSeconds !== undefined) cpuSeconds.push(found.cpuSeconds);
    if (found.chromagram !== undefined) {
      await context.draw?.(
        `chorus-${name}`,
        matrixPlot(name, found.chromagram, strips(truth.choruses), found),
      );
    }
    const hit = truth.choruses.length === 0 ? undefined : judge(found.excerpt, truth);
    const words = hit && (await judgeByWords(audio, truth, context));
    if (hit !== undefined) hits.push(hit);
    if (words !== undefined) byWords.push(words.hit);
    songs.push({ name, values: { ...foundValues(found), ...hitValues(hit), ...words?.values } });
  }
  const averaged = COLUMNS.filter(({ name }) => !name.startsWith('confidence'));
  const total = meanRow(averaged, songs);
  const counts = {
    'half in': `${hits.filter(({ halfIn }) => halfIn).length}/${hits.length}`,
    'start ok': `${hits.filter(({ startOk }) => startOk).length}/${hits.length}`,
  };
  return {
    table: {
      title: 'sung',
      columns: COLUMNS,
      songs,
      totals: [{ name: 'mean', values: { ...total.values, ...counts } }, ...CHORUS_ANCHORS],
    },
    findings: [
      ...(hits.length === 0 ? [] : findings(hits, median(cpuSeconds))),
      ...(byWords.length === 0 ? [] : findingsByWords(byWords)),
    ],
    notes,
  };
}

function strips(choruses: readonly Span[]): Strip[] {
  return [{ name: 'truth', sections: choruses.map(([start, end]) => ({ label: 'chorus', start, end })) }];
}

function judge(excerpt: Span | undefined, truth: SungTruth): Hit {
  if (excerpt === undefined) {
    return { halfIn: false, startOk: false, overlap: 0, f1: 0, startOff: undefined, refrainOff: undefined };
  }
  const { overlap, startDistance, f1 } = scoreExcerpt(excerpt, truth.choruses);
  return {
    halfIn: overlap >= HIT,
    startOk: startDistance <= START_TOLERANCE,
    overlap,
    f1,
    startOff: startDistance,
    refrainOff: scoreExcerpt(excerpt, refrains(truth)).startDistance,
  };
}

/**
 * The same song with its lyrics. The truth comes of the same words, so this says how well they are followed, and is
 * told apart from what the audio alone gives.
 */
async function judgeByWords(
  audio: string,
  truth: SungTruth,
  context: EvaluationContext,
): Promise<{ readonly hit: Hit; readonly values: SongRow['values'] } | undefined> {
  const lines = sungLines(truth.notes);
  if (lines.every(({ text }) => text.trim() === '')) return undefined;
  const excerpt = await findChorusByWords(audio, lrcOf(lines), context);
  const hit = judge(excerpt, truth);
  return { hit, values: { 'by words': shown(excerpt), 'its refrain off': hit.refrainOff } };
}

function shown(excerpt: Span | undefined): string {
  return excerpt?.map((time) => time.toFixed(1)).join('-') ?? 'failed';
}

function foundValues({ excerpt, confidence, cpuSeconds }: FoundChorus): SongRow['values'] {
  return {
    excerpt: shown(excerpt),
    confidence,
    'CPU s': cpuSeconds,
  };
}

function hitValues(hit: Hit | undefined): SongRow['values'] {
  if (hit === undefined) return { 'half in': 'no chorus in truth' };
  return {
    'half in': hit.halfIn ? 'yes' : 'no',
    overlap: hit.overlap,
    'start ok': hit.startOk ? 'yes' : 'no',
    'start off': hit.startOff,
    'refrain off': hit.refrainOff,
    F1: hit.f1,
  };
}

function findings(hits: readonly Hit[], cpuSeconds: number): Finding[] {
  const share = (test: (hit: Hit) => boolean): number => (100 * hits.filter(test).length) / hits.length;
  const anchor = (measure: Exclude<keyof BestAnchor, 'method'>): Anchor => ({
    method: BEST_ANCHOR.method,
    value: BEST_ANCHOR[measure],
  });
  return [
    {
      what: 'excerpt at least half in a chorus',
      value: share(({ halfIn }) => halfIn),
      unit: '%',
      digits: 1,
      anchor: anchor('halfIn'),
      goal: { least: 95 },
    },
    {
      what: 'start within 3 s',
      value: share(({ startOk }) => startOk),
      unit: '%',
      digits: 1,
      anchor: anchor('startOk'),
      goal: { least: 60 },
    },
    {
      what: 'best F1, mean',
      value: mean(hits.map(({ f1 }) => f1)),
      unit: 'F',
      digits: 2,
      anchor: anchor('f1'),
      goal: { least: 0.75 },
    },
    {
      what: 'overlap, mean',
      value: mean(hits.map(({ overlap }) => overlap)),
      unit: 'F',
      digits: 2,
      anchor: anchor('overlap'),
    },
    {
      what: 'CPU a track after decoding, median',
      value: cpuSeconds,
      unit: 's',
      digits: 2,
      anchor: anchor('cpuSeconds'),
      goal: { most: 0.3 },
    },
  ];
}

function findingsByWords(hits: readonly Hit[]): Finding[] {
  const offsets = hits.map(({ refrainOff }) => refrainOff ?? Number.POSITIVE_INFINITY);
  return [
    {
      what: 'given the lyrics, start within 3 s of the first repeated line',
      value: (100 * offsets.filter((off) => off <= START_TOLERANCE).length) / hits.length,
      unit: '%',
      digits: 1,
    },
    { what: 'given the lyrics, best F1, mean', value: mean(hits.map(({ f1 }) => f1)), unit: 'F', digits: 2 },
  ];
}
