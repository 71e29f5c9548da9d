import { pinyin } from 'pinyin-pro';
import { loadMandarin } from '../../src/algorithms/romanisation/mandarin/mandarin.ts';
import { toneNumber } from '../scores/tone-number.ts';
import { type Fields, type LineMeasure, shareRight } from './line-scorer.ts';

/** The syllable of one marked character, beside pinyin-pro's. */
export async function mandarinMeasure(): Promise<LineMeasure<string>> {
  const mandarin = await loadMandarin();
  return {
    what: 'accuracy on polyphones',
    truth: ([, , truth = '']) => truth.replace(/u:|v/, 'ü'),
    ours: (fields) => markedSyllable(fields, (text) => mandarin.reading(text)),
    library: (fields) => markedSyllable(fields, (text) => pinyin(text, { type: 'array', toneSandhi: false })),
    libraryName: 'pinyin-pro alone',
    rate: shareRight,
    goal: { least: 93 },
  };
}

function markedSyllable([text = '', position]: Fields, read: (text: string) => readonly string[]): string {
  return toneNumber(read(text)[Number(position)] ?? '');
}
