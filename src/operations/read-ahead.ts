/**
 * Reads for items while whoever consumes them is still at those before, and yields in the order of the
 * items. Memory is that of `ahead` reads; the items are taken one by one. Where the consumer leaves, or a
 * read fails, the reads that are under way are aborted, and have ended when this returns.
 *
 * @param ahead how many reads are under way, or done and not yet consumed, at most
 */
export async function* readAhead<Item, Read>(
  items: Iterable<Item> | AsyncIterable<Item>,
  read: (item: Item, signal: AbortSignal) => Promise<Read>,
  ahead: number,
): AsyncGenerator<Read, void, undefined> {
  const abort = new AbortController();
  const underWay: Promise<Read>[] = [];
  try {
    for await (const item of items) {
      const started = read(item, abort.signal);
      // Awaited later: a rejection is not unhandled meanwhile.
      started.catch(() => {});
      underWay.push(started);
      const next = underWay.length < ahead ? undefined : underWay.shift();
      if (next !== undefined) yield await next;
    }
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) yield await next;
  } finally {
    abort.abort();
    await Promise.allSettled(underWay);
  }
}
