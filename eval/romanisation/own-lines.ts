import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { romanisation } from '../../src/algorithms/romanisation/romanisation.ts';
import { type LineLanguage, LANGUAGES } from '../data/material.ts';
import { readLineTable } from '../data/line-table.ts';
import { missTable, type ScoredLines } from './line-scorer.ts';

/** Lines as songwriters write them, with what a reader wants to see: ours, in the repository. */
const FOLDER = new URL('../lyric-lines/', import.meta.url);

/** Romanises our own lines as the product does, whole lyrics at once: every line is to be exact. */
export async function scoreOwnLines(signal: AbortSignal): Promise<readonly ScoredLines[]> {
  const scored: ScoredLines[] = [];
  for (const language of LANGUAGES) {
    const path = fileURLToPath(new URL(`${language}.tsv`, FOLDER));
    if (existsSync(path)) scored.push(await scoreTable(language, path, signal));
  }
  return scored;
}

async function scoreTable(language: LineLanguage, path: string, signal: AbortSignal): Promise<ScoredLines> {
  const lines = await readLineTable(path);
  const bytes = Buffer.from(lines.map(([text = '']) => `${text}\n`).join(''));
  const row = await romanisation.run({ bytes, language, signal });
  const romanised = row['lines'] as readonly { readonly text: string; readonly romanised: string }[];
  const found = lines.map(([, truth = ''], index) => {
    const { text = '', romanised: ours = '' } = romanised[index] ?? {};
    return [text, ours, truth] as const;
  });
  const misses = missTable(`${language}, our own lines`, found);
  return {
    finding: {
      what: `${language}: our own ${lines.length} lyric lines, missed`,
      value: misses.songs.length,
      unit: 'lines',
      digits: 0,
      goal: { most: 0 },
    },
    misses,
  };
}
