import { romanize } from 'koroman';
import { joinWords } from '../../src/algorithms/romanisation/romaniser.ts';
import { loadRomaniser } from '../../src/algorithms/romanisation/romanisers.ts';
import { type LineMeasure, shareRight } from './line-scorer.ts';

/** Whole words, beside koroman's. */
export async function koreanMeasure(): Promise<LineMeasure<string>> {
  const korean = await loadRomaniser('ko');
  return {
    what: 'words exact',
    truth: ([, truth = '']) => truth,
    ours: ([text = '']) => joinWords(korean.romanise(text)),
    library: ([text = '']) => romanize(text),
    libraryName: 'koroman alone',
    rate: shareRight,
    goal: { least: 100 },
  };
}
