/**
 * Words whose reading hangs on their neighbours, and that the dictionary reads one way only. Each rule
 * stands for a class of lines, in lyrics and in prose.
 */
import { AFFIX_RULES } from './affix-rules.ts';
import { hasHan } from './kana.ts';
import type { Morpheme } from './morpheme.ts';
import type { ContextRule } from './neighbours.ts';
import { NOUN_RULES } from './noun-rules.ts';
import { standaloneReading } from './standalone-readings.ts';
import { VERB_RULES } from './verb-rules.ts';

const RULES: ReadonlyMap<string, ContextRule> = new Map([...NOUN_RULES, ...VERB_RULES, ...AFFIX_RULES]);

/** Corrects readings by context, in place. */
export function readByContext(morphemes: Morpheme[]): void {
  let surfaces: ReadonlySet<string> | undefined;
  const inLine = (surface: string): boolean => {
    surfaces ??= new Set(morphemes.map((morpheme) => morpheme.surface));
    return surfaces.has(surface);
  };
  for (const [index, morpheme] of morphemes.entries()) {
    if (morpheme.kana === undefined) continue;
    const before = morphemes[index - 1];
    morpheme.kana = standaloneReading(morpheme, before) ?? morpheme.kana;
    const rule = RULES.get(morpheme.surface);
    if (rule !== undefined) {
      const neighbours = {
        before2: morphemes[index - 2],
        before,
        after: morphemes[index + 1],
        after2: morphemes[index + 2],
        inLine,
      };
      morpheme.kana = rule(morpheme, neighbours) ?? morpheme.kana;
    }
    // 軽々 と, as in ひらひら と.
    if (morpheme.pos === '副詞' && morpheme.surface.endsWith('々と')) {
      morpheme.kana = morpheme.kana.replace(/ト$/, ' ト');
    }
    if (morpheme.surface.length === 1) stopCompound(morpheme, before);
  }
}

/** Two characters of Sino-Japanese make a stop: 特 + 化 = トッカ, 食 + 感 = ショッカン. */
function stopCompound(morpheme: Morpheme, before: Morpheme | undefined): void {
  if (before?.kana === undefined || before.pos !== '名詞' || before.detail1 === '数') return;
  if (morpheme.detail1 !== '接尾' || morpheme.detail2 === '助数詞' || before.surface.length !== 1) return;
  // 二国間.
  if (morpheme.surface === '間') return;
  if (/^.{1,2}ク$/.test(before.kana) && /^[カキクケコ]/.test(morpheme.kana ?? '') && hasHan(before.surface)) {
    before.kana = `${before.kana.slice(0, -1)}ッ`;
  }
}
