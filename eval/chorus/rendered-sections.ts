import type { Column, EvaluationContext, Finding, SongRow } from '../harness/evaluation.ts';
import { Synthesiser } from '../data/synthesiser.ts';
import { meanRow } from '../harness/report.ts';
import { matrixPlot } from '../plots/matrix-plot.ts';
import { boundaryF } from '../scores/boundaries.ts';
import type { Span } from '../scores/excerpt.ts';
import { findChorus } from './find-chorus.ts';
import type { ScoredGroup } from './sung-choruses.ts';

const COLUMNS: readonly Column[] = [
  { name: 'excerpt' },
  { name: 'confidence', digits: 2 },
  { name: 'F first', digits: 3 },
  { name: 'F second', digits: 3 },
  { name: 'F nearer', digits: 3 },
  { name: 'CPU s', digits: 2 },
];

/**
 * Scores the boundaries of sections against those that annotators heard in rendered songs.
 * @throws Unavailable where nothing can be rendered here
 */
export async function scoreRenderedSections(context: EvaluationContext): Promise<ScoredGroup> {
  const wanted = context.material.midiSongs.filter(({ truth }) => truth.annotations.length > 0);
  const songs: SongRow[] = [];
  const notes: string[] = [];
  const synthesiser = wanted.length === 0 ? undefined : await Synthesiser.find(context.scratch);
  for await (const { song, audio } of synthesiser?.render(wanted) ?? []) {
    context.say(song.name);
    const found = await findChorus(song.name, audio, context);
    notes.push(...found.failures);
    const spans = found.sections.map(({ start_s, end_s }): Span => [start_s, end_s]);
    const truths = song.truth.annotations.map((sections) =>
      sections.map(([, start, end]): Span => [start, end]),
    );
    const scores = truths.map((truth) => boundaryF(spans, truth));
    await context.keepArrays?.(`chorus-${song.name}`, { found: spans, truths, scores });
    if (found.chromagram !== undefined) {
      const strips = song.truth.annotations.map((sections, index) => ({
        name: `annotator ${index + 1}`,
        sections: sections.map(([label, start, end]) => ({ label, start, end })),
      }));
      await context.draw?.(`chorus-${song.name}`, matrixPlot(song.name, found.chromagram, strips, found));
    }
    songs.push({
      name: song.name,
      values: {
        excerpt: found.excerpt?.map((time) => time.toFixed(1)).join('-') ?? 'failed',
        confidence: found.confidence,
        'F first': scores[0],
        'F second': scores[1],
        'F nearer': Math.max(...scores),
        'CPU s': found.cpuSeconds,
      },
    });
  }
  const total = meanRow(COLUMNS, songs);
  return {
    table: { title: 'rendered', columns: COLUMNS, songs, totals: [total] },
    findings: songs.length === 0 ? [] : findings(total),
    notes,
  };
}

function findings({ values }: SongRow): Finding[] {
  return [
    {
      what: 'boundaries of sections at 3 s, nearer annotator',
      value: values['F nearer'] as number,
      unit: 'F',
      digits: 3,
      goal: { least: 0.65 },
    },
  ];
}
