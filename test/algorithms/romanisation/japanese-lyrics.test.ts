/**
 * Two hundred lines as songwriters write them, and what a singer's reader should see. The values were set by
 * the rules of docs/algorithms/romanisation.md before the program saw the lines; their readings were checked
 * against IPADIC, UniDic, SudachiDict and JMdict.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type JapaneseRomaniser,
  loadJapanese,
} from '../../../src/algorithms/romanisation/japanese/japanese.ts';
import { joinWords } from '../../../src/algorithms/romanisation/romaniser.ts';

const LINES = readFileSync(new URL('../../../eval/lyric-lines/ja.tsv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t') as [text: string, romanised: string]);

describe('Japanese lyric lines', () => {
  let japanese: JapaneseRomaniser;
  beforeAll(async () => {
    japanese = await loadJapanese();
  });

  it('are two hundred, none twice', () => {
    expect(new Set(LINES.map(([text]) => text)).size).toBe(200);
  });

  it.each(LINES)('%s is %s', (text, romanised) => {
    expect(joinWords(japanese.romanise(text))).toBe(romanised);
  });
});
