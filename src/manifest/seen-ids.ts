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
  /** Of each table its hashes, a pair of words a slot; (0, 0) marks an empty one. */
  readonly #tables: Uint32Array[] = Array.from({ length: TABLES }, () => new Uint32Array(2 * FIRST_CAPACITY));
  /** Of each table how many hashes it holds, and may hold before it grows. */
  readonly #sizes = new Uint32Array(TABLES);
  readonly #limits: Uint32Array = new Uint32Array(TABLES).fill(FIRST_CAPACITY * MAX_LOAD);

  /**
   * Adds an id by its hash, two words of unsigned 32 bits; false if it (or, see above, another of the same
   * hash) was added before.
   */
  add(high: number, low: number): boolean {
    const table = high >>> 24;
    const size = this.#sizes[table] as number;
    if (size === this.#limits[table]) this.#grow(table, GROWTH * this.#capacity(table));
    // The hash (0, 0) would look like an empty slot, so it is kept as (0, 1).
    const stored = high === 0 && low === 0 ? 1 : low;
    if (!insert(this.#tables[table] as Uint32Array, high, stored)) return false;
    this.#sizes[table] = size + 1;
    return true;
  }

  /** Makes room for so many ids in all, so that the tables need not grow on the way. */
  reserve(ids: number): void {
    const capacity = ids / TABLES / RESERVED_LOAD;
    for (let table = 0; table < TABLES; table += 1) {
      if (capacity > this.#capacity(table)) this.#grow(table, capacity);
    }
  }

  /** Ids seen. */
  get size(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Bytes held by the tables. */
  get bytes(): number {
    return this.#tables.reduce((sum, slots) => sum + slots.byteLength, 0);
  }

  #capacity(table: number): number {
    return (this.#tables[table] as Uint32Array).length / 2;
  }

  #grow(table: number, atLeast: number): void {
    const capacity = Math.ceil(atLeast);
    const old = this.#tables[table] as Uint32Array;
    const slots = new Uint32Array(2 * capacity);
    for (let index = 0; index < old.length; index += 2) {
      const high = old[index] as number;
      const low = old[index + 1] as number;
      if (high !== 0 || low !== 0) insert(slots, high, low);
    }
    this.#tables[table] = slots;
    this.#limits[table] = Math.floor(capacity * MAX_LOAD);
  }
}

/** Puts a hash where it belongs; false where it stands already. There has to be an empty slot. */
function insert(slots: Uint32Array, high: number, low: number): boolean {
  const end = slots.length;
  // Scaling instead of a remainder: the capacity need not be a power of two.
  let index = 2 * Math.floor(low * (end / 2 / WORDS));
  for (;;) {
    const storedHigh = slots[index] as number;
    const storedLow = slots[index + 1] as number;
    if (storedHigh === 0 && storedLow === 0) break;
    if (storedHigh === high && storedLow === low) return false;
    index += 2;
    if (index === end) index = 0;
  }
  slots[index] = high;
  slots[index + 1] = low;
  return true;
}
