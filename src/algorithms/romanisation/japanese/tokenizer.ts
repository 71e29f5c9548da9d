import { createRequire } from 'node:module';
import path from 'node:path';
import type { IpadicFeatures, Tokenizer } from 'kuromoji';
import { KANA_WORDS } from './kana-words.ts';
import { type Lattice, latticeBuilder, type UnknownWords } from './lattice.ts';
import { type PrefixMatch, type PrefixSearch, prefixSearch } from './prefix-search.ts';

/** Sentences are analysed one by one; each ends with one of these. */
const SENTENCE = /[^、。]*[、。]|[^、。]+/g;

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

/** What is used of the analyser's parts, which its types leave out. */
interface Parts {
  readonly token_info_dictionary: Parameters<typeof latticeBuilder>[0];
  readonly unknown_dictionary: UnknownWords;
  readonly viterbi_builder: { build: (sentence: string) => Lattice };
  tokenize: (text: string) => IpadicFeatures[];
  tokenizeForSentence(sentence: string, tokens: IpadicFeatures[]): void;
}

/**
 * The analyser looks up, at each position, all words that begin there; its trie encodes the whole rest of the line to do
 * so, and its builder copies it. Same words in the same lattice, made otherwise.
 */
function withFasterSearch(tokenizer: Tokenizer<IpadicFeatures>): Tokenizer<IpadicFeatures> {
  const { bc } = tokenizer.viterbi_builder.trie;
  const search = withKanaWords(
    prefixSearch(bc.getBaseBuffer() as Int32Array, bc.getCheckBuffer() as Int32Array),
  );
  const parts = tokenizer as unknown as Parts;
  parts.viterbi_builder.build = latticeBuilder(parts.token_info_dictionary, parts.unknown_dictionary, search);
  // Sentence by sentence, as it does itself, but without a copy of the rest after each.
  parts.tokenize = (text) => {
    const tokens: IpadicFeatures[] = [];
    for (const [sentence] of text.matchAll(SENTENCE)) parts.tokenizeForSentence(sentence, tokens);
    return tokens;
  };
  return tokenizer;
}

/** Also finds the words of {@link KANA_WORDS}, each as the dictionary's word in its common spelling. */
function withKanaWords(search: PrefixSearch): PrefixSearch {
  const byInitial = new Map<string, { readonly kana: string; readonly match: PrefixMatch }[]>();
  for (const [kana, spelling] of KANA_WORDS) {
    const word = search(spelling, 0).find(({ length }) => length === spelling.length);
    if (word === undefined) continue;
    const initial = kana.charAt(0);
    const match = { length: kana.length, v: word.v };
    byInitial.set(initial, [...(byInitial.get(initial) ?? []), { kana, match }]);
  }
  return (text, start) => {
    const matches = search(text, start);
    for (const { kana, match } of byInitial.get(text.charAt(start)) ?? []) {
      if (text.startsWith(kana, start)) matches.push(match);
    }
    return matches;
  };
}
