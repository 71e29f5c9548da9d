import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes after a full collection. */
export interface MemorySample {
  readonly tracks: number;
  readonly rss: number;
  readonly heapUsed: number;
  /** Buffers and the like, outside the heap. */
  readonly external: number;
}

/** What is left in memory after a full collection, ten times over a shard, and once it is published. */
export class MemoryCurve {
  readonly samples: MemorySample[] = [];
  readonly #every: number;
  readonly #collect: () => void;

  constructor(rows: number) {
    this.#every = Math.ceil(rows / 10);
    setFlagsFromString('--expose-gc');
    this.#collect = runInNewContext('gc') as () => void;
  }

  /** Before a row is worked: so many tracks are done. */
  sample(tracks: number): void {
    if (tracks > 0 && tracks % this.#every === 0) this.sampleNow(tracks);
  }

  sampleNow(tracks: number): void {
    this.#collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    this.samples.push({ tracks, rss, heapUsed, external });
  }
}
