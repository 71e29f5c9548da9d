import { createRequire } from 'node:module';
import path from 'node:path';
import type { IpadicFeatures, Tokenizer } from 'kuromoji';
import { prefixSearch } from './prefix-search.ts';

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
  builder.trie = {
    commonPrefixSearch: prefixSearch(bc.getBaseBuffer() as Int32Array, bc.getCheckBuffer() as Int32Array),
  };
  return tokenizer;
}
