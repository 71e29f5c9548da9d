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

export class SeenIds {
  readonly #tables: HashTable[] = Array.from({ length: TABLES }, () => new HashTable());

  /** Adds an id by its hash, two words of unsigned 32 bits; false if it (or, see above, another of the same hash) was added before. */
  add(high: number, low: number): boolean {
    return (this.#tables[high >>> 24] as HashTable).add(high, low);
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

  get bytes(): number {
    return this.#slots.byteLength;
  }

  add(high: number, low: number): boolean {
    // The hash (0, 0) would look like an empty slot, so it is kept as (0, 1).
    const stored = high === 0 && low === 0 ? 1 : low;
    const capacity = this.#slots.length / 2;
    if (this.size + 1 > capacity * MAX_LOAD) this.#grow(Math.ceil(capacity * GROWTH));
    const added = insert(this.#slots, high, stored);
    if (added) this.size += 1;
    return added;
  }

  reserve(capacity: number): void {
    if (capacity > this.#slots.length / 2) this.#grow(capacity);
  }

  #grow(capacity: number): void {
    const old = this.#slots;
    const slots = new Uint32Array(2 * capacity);
    for (let index = 0; index < old.length; index += 2) {
      const high = old[index] as number;
      const low = old[index + 1] as number;
      if (high !== 0 || low !== 0) insert(slots, high, low);
    }
    this.#slots = slots;
  }
}

function insert(slots: Uint32Array, high: number, low: number): boolean {
  const capacity = slots.length / 2;
  let slot = firstSlot(low, capacity);
  for (;;) {
    const storedHigh = slots[2 * slot] as number;
    const storedLow = slots[2 * slot + 1] as number;
    if (storedHigh === 0 && storedLow === 0) {
      slots[2 * slot] = high;
      slots[2 * slot + 1] = low;
      return true;
    }
    if (storedHigh === high && storedLow === low) return false;
    slot = slot + 1 === capacity ? 0 : slot + 1;
  }
}

/** Scaling instead of a remainder: the capacity need not be a power of two, and the product is exact. */
function firstSlot(low: number, capacity: number): number {
  return Math.floor((low * capacity) / 0x1_0000_0000);
}
