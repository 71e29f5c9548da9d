import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import kuromoji, { type IpadicFeatures, type Tokenizer } from 'kuromoji';
import { loadJapanese } from '../../src/algorithms/romanisation/japanese/japanese.ts';
import { errorRate } from '../scores/error-rate.ts';
import { foldKana } from '../scores/fold-kana.ts';
import type { LineMeasure } from './line-scorer.ts';

/** Readings in kana, beside what kuromoji's analysis says of pronunciation. */
export async function japaneseMeasure(): Promise<LineMeasure<string>> {
  const japanese = await loadJapanese();
  const tokenizer = await buildTokenizer();
  return {
    what: 'kana CER',
    truth: ([, truth = '']) => foldKana(truth),
    ours: ([text = '']) => foldKana(japanese.reading(text)),
    library: ([text = '']) => {
      const tokens = tokenizer.tokenize(text);
      return foldKana(
        tokens.map(({ pronunciation, surface_form }) => pronunciation ?? surface_form).join(''),
      );
    },
    libraryName: 'kuromoji alone',
    rate: errorRate,
    goal: { most: 1.6 },
  };
}

/** The library's analyser as it comes. */
function buildTokenizer(): Promise<Tokenizer<IpadicFeatures>> {
  const manifest = createRequire(import.meta.url).resolve('kuromoji/package.json');
  const dicPath = join(dirname(manifest), 'dict');
  return new Promise((resolve, reject) => {
    kuromoji.builder({ dicPath }).build((error: Error | null, tokenizer) => {
      if (error === null) resolve(tokenizer);
      else reject(error);
    });
  });
}
