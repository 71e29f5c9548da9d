import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { loadTokenizer } from '../../../src/algorithms/romanisation/japanese/tokenizer.ts';

interface Builder {
  build(sentence: string): { readonly nodes_end_at: readonly (readonly object[] | undefined)[] };
}

/** What is read of a node: the surface is that of an unknown word alone, as the dictionary has those of its own. */
function nodesOf(builder: Builder, sentence: string): unknown {
  const nodes = builder.build(sentence).nodes_end_at;
  return Array.from(nodes, (ending = []) =>
    ending.map((node) => {
      const { name, cost, start_pos, length, type, left_id, right_id, surface_form } = node as Record<
        string,
        unknown
      >;
      const surface = type === 'UNKNOWN' ? surface_form : undefined;
      return { name, cost, start_pos, length, type, left_id, right_id, surface };
    }),
  );
}

let ours: Builder;
let kuromoji: Builder;
beforeAll(async () => {
  const { viterbi_builder } = await loadTokenizer();
  ours = viterbi_builder as unknown as Builder;
  // Its own method, which the tokenizer of ours covers.
  const own = Object.getPrototypeOf(viterbi_builder) as { readonly build: (sentence: string) => never };
  kuromoji = { build: (sentence) => Reflect.apply(own.build, viterbi_builder, [sentence]) };
});

it('the lattice of a sentence is that which the analyser makes itself', () => {
  // Without words that we add in kana.
  const sentence = fc.string({
    unit: fc.constantFrom(...'君運命花々一二人日本の方がをんっゃーァヴアイシテル〜・!a、。가0９😀𠮷\u3000'),
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(sentence, (text) => {
      expect(nodesOf(ours, text)).toEqual(nodesOf(kuromoji, text));
    }),
  );
});
