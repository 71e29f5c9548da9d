import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, errorRate } from '../../eval/scores/error-rate.ts';
import { foldJyutping } from '../../eval/scores/fold-jyutping.ts';
import { foldKana } from '../../eval/scores/fold-kana.ts';
import { toneNumber } from '../../eval/scores/tone-number.ts';

test('edit distance', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance(['gong2', 'aa1'], ['gong2', 'di1', 'aa1'])).toBe(1);
  const word = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});

test('errors are counted over all lines, by the length of the truth', () => {
  expect(
    errorRate([
      ['カキ', 'カキク'],
      ['アイウエオカキ', 'アイウエオカキ'],
    ]),
  ).toBe(10);
});

test('long vowels are one, however they are written; punctuation is none', () => {
  for (const reading of ['トーキョー', 'トオキョオ', 'とうきょう', 'トーキョー。', '「トウ」キョウ！']) {
    expect(foldKana(reading)).toBe('トオキョオ');
  }
  expect(foldKana('セーセイ')).toBe('セエセエ');
  expect(foldKana('シャー')).toBe('シャア');
  expect(foldKana('ヴァー')).toBe('ヴァア');
  expect(foldKana('ヲツヅケル ヂ')).toBe('オツズケルジ');
  // イ after イ and ウ after エ are vowels of their own.
  expect(foldKana('イイウエウ')).toBe('イイウエウ');
  expect(foldKana('ンー')).toBe('ン');
});

test('initial n and ng of Cantonese', () => {
  expect(foldJyutping('nei5 ngo5 ng5 hang4')).toEqual(['lei5', 'o5', 'ng5', 'hang4']);
  expect(foldJyutping('')).toEqual([]);
});

test('tones as numbers', () => {
  expect(['zhōng', 'rén', 'hǎo', 'shì', 'le', 'lǜ', 'ér'].map(toneNumber)).toEqual([
    'zhong1',
    'ren2',
    'hao3',
    'shi4',
    'le5',
    'lü4',
    'er2',
  ]);
});
