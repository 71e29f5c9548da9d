import toJyutping from 'to-jyutping';
import { loadCantonese } from '../../src/algorithms/romanisation/cantonese/cantonese.ts';
import { errorRate } from '../scores/error-rate.ts';
import { foldJyutping } from '../scores/fold-jyutping.ts';
import type { LineMeasure } from './line-scorer.ts';

/** Syllables of Jyutping, beside to-jyutping's. */
export async function cantoneseMeasure(): Promise<LineMeasure<readonly string[]>> {
  const cantonese = await loadCantonese();
  return {
    what: 'syllable error rate',
    truth: ([, truth = '']) => foldJyutping(truth),
    ours: ([text = '']) => syllables(cantonese.reading(text)),
    library: ([text = '']) => syllables(toJyutping.getJyutpingList(text)),
    libraryName: 'to-jyutping alone',
    rate: errorRate,
    goal: { most: 5 },
  };
}

function syllables(characters: readonly (readonly [string, string | null])[]): string[] {
  return characters.flatMap(([, jyutping]) => foldJyutping(jyutping ?? ''));
}
