import { createRequire } from 'node:module';
import path from 'node:path';
import type { IpadicFeatures, Tokenizer } from 'kuromoji';
import { KANA_WORDS } from './kana-words.ts';
import { type PrefixMatch, prefixSearch } from './prefix-search.ts';

let loading: Promise<Tokenizer<IpadicFeatures>> | undefined;

/**
 * The morphological analyser with its IPADIC dictionary. Loading takes about a second and 370 MB: it
 * happens on the first call, once a process; a load that failed is tried again on the next.
 */
export function loadTokenizer(): Promise<Tokenizer<IpadicFeatures>> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Tokenizer<IpadicFeatures>> {
  // Images of algorithms that read no lyrics have no such package.
  const { default: kuromoji } = await import('kuromoji');
  const require = createRequire(import.meta.url);
  const dicPath = path.join(path.dirname(require.resolve('kuromoji/package.json')), 'dict');
  return new Promise((resolve, reject) => {
    kuromoji.builder({ dicPath }).build((error: Error | null, tokenizer) => {
      if (error === null) resolve(withFasterSearch(tokenizer));
      else reject(new Error('the Japanese dictionary could not be loaded', { cause: error }));
    });
  });
}

/**
 * The analyser looks up, at each position, all words that begin there; its trie encodes the whole rest of
 * the line to do so, a quarter of all its time. Same words, another search.
 */
function withFasterSearch(tokenizer: Tokenizer<IpadicFeatures>): Tokenizer<IpadicFeatures> {
  const builder: { trie: unknown } = tokenizer.viterbi_builder;
  const { bc } = tokenizer.viterbi_builder.trie;
  const search = prefixSearch(bc.getBaseBuffer() as Int32Array, bc.getCheckBuffer() as Int32Array);
  builder.trie = { commonPrefixSearch: withKanaWords(search) };
  return tokenizer;
}

/** Also finds the words of {@link KANA_WORDS}, each as the dictionary's word in its common spelling. */
function withKanaWords(search: (text: string) => PrefixMatch[]): (text: string) => PrefixMatch[] {
  const byInitial = new Map<string, PrefixMatch[]>();
  for (const [kana, spelling] of KANA_WORDS) {
    const word = search(spelling).find(({ k }) => k === spelling);
    if (word === undefined) continue;
    const initial = kana.charAt(0);
    byInitial.set(initial, [...(byInitial.get(initial) ?? []), { k: kana, v: word.v }]);
  }
  return (text) => {
    const matches = search(text);
    for (const word of byInitial.get(text.charAt(0)) ?? []) if (text.startsWith(word.k)) matches.push(word);
    return matches;
  };
}
