/** A list of numbers in single precision that grows by doubling: features of a track of unknown length. */
export class FloatList {
  #values: Float32Array = new Float32Array(4096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** A view of what was pushed; valid until the next push. */
  view(): Float32Array {
    return this.#values.subarray(0, this.#length);
  }
}
