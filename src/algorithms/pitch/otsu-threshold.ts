const CLASSES = 128;

/**
 * The value that best parts values into low and high ones: it leaves the most variance between the two classes
 * (Otsu, "A threshold selection method from gray-level histograms", IEEE Trans. SMC 9(1), 1979). Values outside
 * `lowest` to `highest` count as those.
 */
export function otsuThreshold(values: Float32Array, lowest: number, highest: number): number {
  const width = (highest - lowest) / CLASSES;
  const counts = new Float64Array(CLASSES);
  for (const value of values) {
    const index = Math.min(CLASSES - 1, Math.max(0, Math.floor((value - lowest) / width)));
    counts[index] = (counts[index] as number) + 1;
  }
  const total = counts.reduce((sum, count, index) => sum + count * index, 0);
  let below = 0;
  let sumBelow = 0;
  let best = 0;
  let mostVariance = 0;
  for (let index = 0; index < CLASSES; index++) {
    below += counts[index] as number;
    sumBelow += (counts[index] as number) * index;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const apart = sumBelow / below - (total - sumBelow) / above;
    const variance = below * above * apart * apart;
    if (variance > mostVariance) {
      mostVariance = variance;
      best = index + 1;
    }
  }
  return lowest + best * width;
}
