/**
 * The lattice of all words that a sentence may be made of, which the analyser seeks the best path through (as kuromoji's
 * ViterbiBuilder makes it, node for node). That one copies the rest of the sentence at each of its characters, and at
 * each character of an unknown word the rest of that word, so that a line of symbols takes time by its length squared.
 */
import type { PrefixSearch } from './prefix-search.ts';

/** The parts of kuromoji's dictionary of words, and of that of unknown words, which are needed here. */
interface Words {
  readonly dictionary: { getShort(at: number): number };
  /** Token numbers by the number of a surface, or of a class of characters. */
  readonly target_map: Readonly<Record<number, readonly number[]>>;
}

/** How unknown words of a kind of characters are made. */
interface CharacterClass {
  readonly class_id: number;
  readonly class_name: string;
  /** 1: also where the dictionary has a word. */
  readonly is_always_invoke: number;
  /** 1: of as many characters of the class as follow each other. */
  readonly is_grouping: number;
}

export interface UnknownWords extends Words {
  lookup(character: string): CharacterClass;
}

/** The fields that kuromoji's ViterbiSearcher and Tokenizer read of a lattice, and of a node. */
export interface Lattice {
  /** Positions count characters, from 1. */
  readonly nodes_end_at: Node[][];
  eos_pos: number;
}

class Node {
  readonly name: number;
  readonly cost: number;
  readonly start_pos: number;
  readonly length: number;
  readonly type: string;
  readonly left_id: number;
  readonly right_id: number;
  prev: Node | null = null;
  shortest_cost: number;
  readonly #surface: Surface;

  constructor(type: string, token: Token, start: number, length: number, surface: Surface) {
    this.name = token.name;
    this.cost = token.cost;
    this.start_pos = start;
    this.length = length;
    this.type = type;
    this.left_id = token.left;
    this.right_id = token.right;
    this.shortest_cost = type === 'BOS' ? 0 : Number.MAX_VALUE;
    this.#surface = surface;
  }

  /** Asked of the nodes on the best path alone, which do not overlap: all nodes of a long unknown word do. */
  get surface_form(): string {
    const { sentence, from, to } = this.#surface;
    return sentence.slice(from, to);
  }
}

interface Token {
  readonly name: number;
  readonly cost: number;
  readonly left: number;
  readonly right: number;
}

interface Surface {
  readonly sentence: string;
  readonly from: number;
  readonly to: number;
}

const EDGE: Token = { name: -1, cost: 0, left: 0, right: 0 };
const NO_SURFACE: Surface = { sentence: '', from: 0, to: 0 };

/** Builds the lattices of sentences, in time by their length. */
export function latticeBuilder(
  words: Words,
  unknown: UnknownWords,
  search: PrefixSearch,
): (sentence: string) => Lattice {
  return (sentence) => {
    const lattice: Lattice = { nodes_end_at: [[new Node('BOS', EDGE, 0, 0, NO_SURFACE)]], eos_pos: 1 };
    const starts = characterStarts(sentence);
    const count = starts.length - 1;
    const classes = Array.from({ length: count }, (_, at) =>
      unknown.lookup(sentence.slice(starts[at], starts[at + 1])),
    );
    const groupEnds = endsOfGroups(classes);
    for (let at = 0; at < count; at++) {
      const from = starts[at] as number;
      const found = search(sentence, from);
      for (const { length, v } of found) {
        for (const id of words.target_map[v] ?? []) {
          append(lattice, new Node('KNOWN', tokenOf(words, id), at + 1, length, NO_SURFACE));
        }
      }
      const characters = classes[at] as CharacterClass;
      if (found.length > 0 && characters.is_always_invoke !== 1) continue;
      const end = characters.is_grouping === 1 ? (groupEnds[at] as number) : at + 1;
      const to = starts[end] as number;
      // The analyser counts UTF-16 units here, but for a single character.
      const length = end > at + 1 ? to - from : 1;
      for (const id of unknown.target_map[characters.class_id] ?? []) {
        append(lattice, new Node('UNKNOWN', tokenOf(unknown, id), at + 1, length, { sentence, from, to }));
      }
    }
    const { nodes_end_at } = lattice;
    const last = nodes_end_at.length;
    lattice.eos_pos++;
    nodes_end_at[last] = [new Node('EOS', EDGE, lattice.eos_pos, 0, NO_SURFACE)];
    return lattice;
  };
}

/** UTF-16 indices at which characters start, and the sentence's length. */
function characterStarts(sentence: string): number[] {
  const starts: number[] = [];
  let index = 0;
  while (index < sentence.length) {
    starts.push(index);
    const unit = sentence.charCodeAt(index);
    index += unit >= 0xd800 && unit <= 0xdbff ? 2 : 1;
  }
  starts.push(sentence.length);
  return starts;
}

/** For each character, where the run of characters of its class ends. */
function endsOfGroups(classes: readonly CharacterClass[]): number[] {
  const ends = classes.map((_, at) => at + 1);
  for (let at = classes.length - 2; at >= 0; at--) {
    if (classes[at]?.class_name === classes[at + 1]?.class_name) ends[at] = ends[at + 1] as number;
  }
  return ends;
}

function tokenOf({ dictionary }: Words, id: number): Token {
  return {
    name: id,
    left: dictionary.getShort(id),
    right: dictionary.getShort(id + 2),
    cost: dictionary.getShort(id + 4),
  };
}

function append(lattice: Lattice, node: Node): void {
  const end = node.start_pos + node.length - 1;
  lattice.eos_pos = Math.max(lattice.eos_pos, end);
  const ending = lattice.nodes_end_at[end];
  if (ending === undefined) lattice.nodes_end_at[end] = [node];
  else ending.push(node);
}
