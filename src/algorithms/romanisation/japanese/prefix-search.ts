/**
 * Finds the dictionary words that begin at a place in a text, in a double-array trie over UTF-8 (Aoe 1989; the layout is
 * that of the doublearray package, whose own search encodes the whole text first and copies each match).
 */

/** A word found: its length in UTF-16 units, and its number in the dictionary. */
export interface PrefixMatch {
  readonly length: number;
  readonly v: number;
}

/** Gives the words that begin at `start` in a text, shortest first. */
export type PrefixSearch = (text: string, start: number) => PrefixMatch[];

const ROOT = 0;
const NOT_FOUND = -1;
/** The code of the edge from a word's last byte to its leaf. */
const END = 0;

/**
 * @param base for each node, where its children begin; for a leaf, minus the word's number, minus 1.
 * @param check for each node, its parent.
 * @returns a search that reads no further than the longest path in the trie.
 */
export function prefixSearch(base: Int32Array, check: Int32Array): PrefixSearch {
  const child = (parent: number, code: number): number => {
    const index = (base[parent] ?? 0) + code;
    return check[index] === parent ? index : NOT_FOUND;
  };
  /** The node one character on, along the bytes of its UTF-8. */
  const step = (node: number, point: number): number => {
    if (point < 0x80) return child(node, point);
    let next: number;
    if (point < 0x800) next = child(node, (point >>> 6) | 0xc0);
    else {
      if (point < 0x10000) next = child(node, (point >>> 12) | 0xe0);
      else {
        next = child(node, (point >>> 18) | 0xf0);
        if (next !== NOT_FOUND) next = child(next, ((point >>> 12) & 0x3f) | 0x80);
      }
      if (next !== NOT_FOUND) next = child(next, ((point >>> 6) & 0x3f) | 0x80);
    }
    return next === NOT_FOUND ? NOT_FOUND : child(next, (point & 0x3f) | 0x80);
  };
  return (text, start) => {
    const matches: PrefixMatch[] = [];
    let node = ROOT;
    for (let i = start; i < text.length; ) {
      const point = text.codePointAt(i) ?? 0;
      node = step(node, point);
      if (node === NOT_FOUND) break;
      i += point > 0xffff ? 2 : 1;
      const leaf = child(node, END);
      if (leaf !== NOT_FOUND) matches.push({ length: i - start, v: -(base[leaf] ?? 0) - 1 });
    }
    return matches;
  };
}
