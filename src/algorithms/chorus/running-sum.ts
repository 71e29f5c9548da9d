/** Means over any stretch of rows in constant time. */
export class RunningSum {
  readonly count: number;
  readonly #width: number;
  readonly #sums: Float64Array;

  /** `rows` holds rows of `width` values. */
  constructor(rows: Float32Array, width = 1) {
    this.#width = width;
    this.count = rows.length / width;
    this.#sums = new Float64Array(rows.length + width);
    for (let i = 0; i < rows.length; i++) {
      this.#sums[i + width] = (this.#sums[i] as number) + (rows[i] as number);
    }
  }

  /** The mean of a column over the rows from `start` to before `end`; rows outside do not count; 0 of none. */
  mean(start: number, end: number, column = 0): number {
    const first = Math.max(0, start);
    const last = Math.min(this.count, end);
    if (last <= first) return 0;
    const sum =
      (this.#sums[last * this.#width + column] as number) -
      (this.#sums[first * this.#width + column] as number);
    return sum / (last - first);
  }
}
