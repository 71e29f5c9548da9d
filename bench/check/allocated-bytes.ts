import { getHeapStatistics, GCProfiler } from 'node:v8';

/**
 * Bytes that `work` allocates on the heap of this thread, freed or not: what the heap has grown by between the end of
 * each garbage collection and the beginning of the next, the second time that it is done. From run to run it differs by
 * a few per cent, however fast the machine is. (Buffers are outside of the heap, and not in it.)
 */
export async function allocatedBytes(work: () => Promise<unknown>): Promise<number> {
  // Once before: what is loaded and compiled at its first use is not what it takes.
  await work();
  const profiler = new GCProfiler();
  profiler.start();
  let after = getHeapStatistics().used_heap_size;
  await work();
  const end = getHeapStatistics().used_heap_size;
  const { statistics } = profiler.stop();
  let allocated = 0;
  for (const { beforeGC, afterGC } of statistics) {
    allocated += beforeGC.heapStatistics.usedHeapSize - after;
    after = afterGC.heapStatistics.usedHeapSize;
  }
  return allocated + end - after;
}
