/** What was cut out of a text, and with it the way back to the indices of the text as it was. */
export class Cuts {
  readonly #places: number[] = [];
  /** Characters that were cut out up to each place. */
  readonly #removed: number[] = [];

  /** Notes that `length` characters stood at index `at` of the text without them. Places come in order. */
  add(at: number, length: number): void {
    this.#removed.push((this.#removed.at(-1) ?? 0) + length);
    this.#places.push(at);
  }

  /** The index in the text as it was, behind what was cut out at that very place. */
  original(index: number): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#places[middle] as number) <= index) low = middle + 1;
      else high = middle;
    }
    return index + (this.#removed[low - 1] ?? 0);
  }
}
