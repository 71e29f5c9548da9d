/** The bare libraries, in the loop that one would write oneself. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { romanize } from 'koroman';
import kuromoji, { type IpadicFeatures, type Tokenizer } from 'kuromoji';
import { pinyin } from 'pinyin-pro';
import { getJyutpingText } from 'to-jyutping';
import type { LyricsLanguage } from './lyrics.ts';

/** Makes something of a line; how long that is says that it was done. */
export type RomaniseLine = (text: string) => string;

/** The library of a language, loaded. */
export async function loadLibrary(language: LyricsLanguage): Promise<RomaniseLine> {
  switch (language) {
    case 'ja':
      return kanaReadings();
    case 'zh':
      return (text) => pinyin(text);
    case 'yue':
      return (text) => getJyutpingText(text);
    case 'ko':
      return (text) => romanize(text);
  }
}

/** Readings in kana alone: what turns them into Latin letters would come on top. */
async function kanaReadings(): Promise<RomaniseLine> {
  const manifest = createRequire(import.meta.url).resolve('kuromoji/package.json');
  const dicPath = join(dirname(manifest), 'dict');
  const tokenizer = await new Promise<Tokenizer<IpadicFeatures>>((resolve, reject) =>
    kuromoji.builder({ dicPath }).build((error, built) => (error ? reject(error) : resolve(built))),
  );
  return (text) =>
    tokenizer
      .tokenize(text)
      .map(({ reading, surface_form }) => reading ?? surface_form)
      .join(' ');
}

/** Reads a file, takes the stamps off its lines, and romanises each: the lines that it was. */
export function loopOver(bytes: Uint8Array, romanise: RomaniseLine): number {
  let lines = 0;
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const text = line.replace(/^(\[[^\]]*\])+/, '').trim();
    if (text === '') continue;
    if (romanise(text) === '') throw new Error(`nothing came of '${text}'`);
    lines += 1;
  }
  return lines;
}
