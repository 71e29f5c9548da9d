/** Scales every row to length 1; rows of nothing but rounding errors become 0. */
export function normaliseRows(vectors: Float32Array, width: number): void {
  for (let start = 0; start < vectors.length; start += width) {
    const row = vectors.subarray(start, start + width);
    let squares = 0;
    for (const value of row) squares += value * value;
    const scale = squares > 1e-8 ? 1 / Math.sqrt(squares) : 0;
    for (let k = 0; k < width; k++) row[k] = (row[k] as number) * scale;
  }
}
