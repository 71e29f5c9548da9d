/** The median of each value and up to `reach` values on either side. */
export function runningMedian(values: Float32Array, reach: number): Float32Array {
  return values.map((_, index) => {
    const around = values.subarray(Math.max(0, index - reach), index + reach + 1).toSorted();
    return around[around.length >> 1] as number;
  });
}

/** The mean of each value and up to `reach` values on either side. */
export function runningMean(values: Float32Array, reach: number): Float32Array {
  const sums = new Float64Array(values.length + 1);
  for (let index = 0; index < values.length; index++) {
    sums[index + 1] = (sums[index] as number) + (values[index] as number);
  }
  return values.map((_, index) => {
    const first = Math.max(0, index - reach);
    const end = Math.min(values.length, index + reach + 1);
    return ((sums[end] as number) - (sums[first] as number)) / (end - first);
  });
}

/** The value that a share of 1 - `share` of the values do not exceed; 0 of none. */
export function quantile(values: Float32Array, share: number): number {
  return values.toSorted()[Math.floor(values.length * share)] ?? 0;
}
