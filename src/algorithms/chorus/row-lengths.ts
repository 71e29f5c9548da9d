/** Scales every row to length 1; rows shorter than `least` say nothing and become 0. */
export function normaliseRows(vectors: Float32Array, width: number, least = 1e-4): void {
  for (let start = 0; start < vectors.length; start += width) {
    const row = vectors.subarray(start, start + width);
    let squares = 0;
    for (const value of row) squares += value * value;
    const scale = squares > least * least ? 1 / Math.sqrt(squares) : 0;
    for (let k = 0; k < width; k++) row[k] = (row[k] as number) * scale;
  }
}
