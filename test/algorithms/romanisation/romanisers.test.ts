import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWords } from '../../../src/algorithms/romanisation/romaniser.ts';
import { LATIN, loadRomaniser } from '../../../src/algorithms/romanisation/romanisers.ts';
import { numRuns } from '../../property-settings.ts';

/** What lyrics files are made of, and what breaks romanisers: numerals, brackets, marks, surrogate pairs. */
const CHARACTERS =
  '一二三十百千万人本日月つ何数幾兆回0123９〇君運命々ヶ(さだめ)（）《》あいうをんっゃーァヴッンカｶﾞゝゞ〜～・、。「」' +
  'abc AB’\'"!?-é愛说著了得地不唔係返下사랑읽닭못같이ㅋㅠ😀𠮷';
const line = fc.string({ unit: fc.constantFrom(...new Set(CHARACTERS)), maxLength: 14 });

describe.each([
  ['ja', /[ぁ-ゖァ-ヺ]/],
  ['ko', /[가-힣]/],
  ['yue', /[唔係返下愛]/],
  ['zh', /[说著了得地不愛]/],
] as const)('the romaniser of %s', (language, own) => {
  it('reads any line: nothing of its own script left, single spaces, words in the order of the line', async () => {
    const romaniser = await loadRomaniser(language);
    fc.assert(
      fc.property(line, (text) => {
        const words = romaniser.romanise(text);
        const romanised = joinWords(words);
        expect(romanised).not.toMatch(own);
        expect(romanised).not.toMatch(/^ | $| {2}|undefined|NaN/);
        const starts = words.map(({ start }) => start);
        expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      }),
      { numRuns: numRuns(500) },
    );
  });

  it('passes words of Latin text through', async () => {
    const romaniser = await loadRomaniser(language);
    for (const text of ["I'm gonna love you, (baby)! 24/7 - rock 'n' roll", 'Déjà vu: [x2] "oh"']) {
      expect(joinWords(romaniser.romanise(text))).toBe(joinWords(LATIN.romanise(text)));
      expect(joinWords(romaniser.romanise(text))).toBe(text);
    }
  });
});

// Found with seed 8430472. The analyser gives a run of emoji twice its length, and so passes over what stands behind it.
it.fails('the romaniser of ja reads kana behind two emoji', async () => {
  const romaniser = await loadRomaniser('ja');
  expect(joinWords(romaniser.romanise('😀𠮷っ一읽'))).not.toMatch(/[ぁ-ゖァ-ヺ]/);
});
