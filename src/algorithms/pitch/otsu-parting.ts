const CLASSES = 128;

/** Where values part into low and high ones, and how clearly. */
export interface Parting {
  readonly threshold: number;
  /** The share of the values' variance that lies between the two kinds: 1 where each kind has one value. */
  readonly clarity: number;
}

/**
 * The threshold that leaves the most variance between the values below and above it, and Otsu's measure eta of
 * how good a threshold it is (Otsu, "A threshold selection method from gray-level histograms", IEEE Trans. SMC 9(1),
 * 1979). Values outside `lowest` to `highest` count as those.
 */
export function otsuParting(values: Float32Array, lowest: number, highest: number): Parting {
  const width = (highest - lowest) / CLASSES;
  const counts = new Float64Array(CLASSES);
  for (const value of values) {
    const index = Math.min(CLASSES - 1, Math.max(0, Math.floor((value - lowest) / width)));
    counts[index] = (counts[index] as number) + 1;
  }
  const total = counts.reduce((sum, count, index) => sum + count * index, 0);
  const squares = counts.reduce((sum, count, index) => sum + count * index * index, 0);
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
  const variance = values.length * squares - total * total;
  return { threshold: lowest + best * width, clarity: variance > 0 ? mostVariance / variance : 0 };
}
