import { relative } from 'node:path';
import type { LineLanguage } from './data/material.ts';
import { readLineTable } from './data/line-table.ts';
import type { Evaluation, EvaluationContext, EvaluationReport } from './harness/evaluation.ts';
import { cantoneseMeasure } from './romanisation/cantonese.ts';
import { japaneseMeasure } from './romanisation/japanese.ts';
import { koreanMeasure } from './romanisation/korean.ts';
import { type Fields, type ScoredLines, scoreLines } from './romanisation/line-scorer.ts';
import { mandarinMeasure } from './romanisation/mandarin.ts';
import { scoreOwnLines } from './romanisation/own-lines.ts';

const SCORERS: Readonly<
  Record<LineLanguage, (name: string, lines: readonly Fields[]) => Promise<ScoredLines>>
> = {
  ja: async (name, lines) => scoreLines(name, lines, await japaneseMeasure()),
  yue: async (name, lines) => scoreLines(name, lines, await cantoneseMeasure()),
  zh: async (name, lines) => scoreLines(name, lines, await mandarinMeasure()),
  ko: async (name, lines) => scoreLines(name, lines, await koreanMeasure()),
};

/** Readings of labelled lines; how fast they come is measured by `npm run bench -- romanisation`. */
export const romanisationEvaluation: Evaluation = {
  name: 'romanisation',
  summary: 'readings of labelled lines, beside the bare library of each language',
  async run({ material, signal, say }: EvaluationContext): Promise<EvaluationReport> {
    const scored: ScoredLines[] = [];
    for (const { language, path } of material.lineTables) {
      signal.throwIfAborted();
      const name = relative(material.folder, path);
      say(name);
      const lines = await readLineTable(path);
      if (lines.length > 0) scored.push(await SCORERS[language](name, lines));
    }
    scored.push(...(await scoreOwnLines(signal)));
    return {
      findings: scored.map(({ finding }) => finding),
      tables: [],
      details: scored.map(({ misses }) => misses),
      notes: ['every line missed stands in the results file'],
    };
  },
};
