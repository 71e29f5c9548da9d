/**
 * Which ids have been seen, in 11 to 14 bytes an id, whatever their length.
 *
 * Kept are 64-bit hashes, not ids: of n different ids, the chance that any two share a hash is about
 * n^2 / 2^65: 3 in 100,000,000 for a million ids, 1 in 10,000 for 60 million. What happens then is that
 * one good row is rejected as a duplicate, with its line number: seen by whoever reads the rejections, and
 * mended by changing the id. It can not happen silently.
 *
 * The hashes lie in 256 tables of open addressing with linear probing. Each table grows by itself, by a
 * quarter, when it is three quarters full: the space for old and new together is a 256th of the whole, and
 * no growth stops the world for long.
 */

const TABLES = 256;
const FIRST_CAPACITY = 64;
const GROWTH = 1.25;
const MAX_LOAD = 0.75;
/** Hashes spread over the tables by chance: some get more than their share. */
const RESERVED_LOAD = 0.72;
const WORDS = 0x1_0000_0000;

export class SeenIds {
  readonly #tables: HashTable[] = Array.from({ length: TABLES }, () => new HashTable());
  /** What was read ahead. Nobody wants it: but reads that come to nothing are left out by the compiler. */
  lastRead = 0;

  /**
   * Adds an id by its hash, two words of unsigned 32 bits; false if it (or, see above, another of the same
   * hash) was added before.
   */
  add(high: number, low: number): boolean {
    return (this.#tables[high >>> 24] as HashTable).add(high, low);
  }

  /**
   * Looks at where hashes belong, two words each, before they are added one by one: the tables are in no cache, and of
   * reads that do not depend on one another a processor has several under way.
   */
  prefetch(hashes: Uint32Array, count: number): void {
    let read = 0;
    for (let index = 0; index < 2 * count; index += 2) {
      read ^= (this.#tables[(hashes[index] as number) >>> 24] as HashTable).peek(hashes[index + 1] as number);
    }
    this.lastRead = read;
  }

  /** Makes room for so many ids in all, so that the tables need not grow on the way. */
  reserve(ids: number): void {
    for (const table of this.#tables) table.reserve(Math.ceil(ids / TABLES / RESERVED_LOAD));
  }

  /** Ids seen. */
  get size(): number {
    return this.#tables.reduce((sum, table) => sum + table.size, 0);
  }

  /** Bytes held by the tables. */
  get bytes(): number {
    return this.#tables.reduce((sum, table) => sum + table.bytes, 0);
  }
}

/** A set of hashes: pairs of words, of which (0, 0) marks an empty slot. */
class HashTable {
  size = 0;
  #slots = new Uint32Array(2 * FIRST_CAPACITY);
  /** How many it may hold before it grows. */
  #limit = FIRST_CAPACITY * MAX_LOAD;
  /** From a word to its slot. Scaling instead of a remainder: the capacity need not be a power of two. */
  #scale: number = FIRST_CAPACITY / WORDS;

  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** What stands where a hash belongs. */
  peek(low: number): number {
    return this.#slots[2 * Math.floor(low * this.#scale)] as number;
  }

  add(high: number, low: number): boolean {
    if (this.size >= this.#limit) this.#grow(Math.ceil((this.#slots.length / 2) * GROWTH));
    // The hash (0, 0) would look like an empty slot, so it is kept as (0, 1).
    const stored = high === 0 && low === 0 ? 1 : low;
    const slots = this.#slots;
    let index = 2 * Math.floor(stored * this.#scale);
    for (;;) {
      const storedHigh = slots[index] as number;
      const storedLow = slots[index + 1] as number;
      if (storedLow === stored && storedHigh === high) return false;
      if (storedHigh === 0 && storedLow === 0) break;
      index += 2;
      if (index === slots.length) index = 0;
    }
    slots[index] = high;
    slots[index + 1] = stored;
    this.size += 1;
    return true;
  }

  reserve(capacity: number): void {
    if (capacity > this.#slots.length / 2) this.#grow(capacity);
  }

  #grow(capacity: number): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * capacity);
    this.#limit = Math.floor(capacity * MAX_LOAD);
    this.#scale = capacity / WORDS;
    this.size = 0;
    for (let index = 0; index < old.length; index += 2) {
      const high = old[index] as number;
      const low = old[index + 1] as number;
      if (high !== 0 || low !== 0) this.add(high, low);
    }
  }
}
