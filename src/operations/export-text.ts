import { csvHeader, type PresentedResult } from '../results/export.ts';
import { cutRowGroup } from '../results/row-group-bytes.ts';
import type { AlgorithmRef } from '../run/records.ts';
import { encodeText, presentResults, type TextEncoding } from './encode-row-group.ts';
import { readAhead } from './read-ahead.ts';
import { type StoredRowGroup, damageNamed, readRowGroup } from './read-results.ts';
import { RowGroupEncoders } from './row-group-encoders.ts';

/** Bytes of Parquet from which on threads are worth their start: some tenths of a second of work. */
const THREADS_FROM_BYTES = 1024 * 1024;
/** Row groups whose bytes are read ahead of those that are encoded: each has a few mebibytes at most. */
const GROUPS_AHEAD = 4;

/**
 * All results of one algorithm as text, in the order of the row groups. The first ones are encoded here, so that
 * a small export costs no more than that; the rest by a thread for each core. Memory: the row groups under way, and
 * their text.
 */
export async function* exportText(
  groups: AsyncIterable<StoredRowGroup>,
  algorithm: AlgorithmRef,
  { format, forSpreadsheet }: Omit<TextEncoding, 'names'>,
): AsyncGenerator<Uint8Array> {
  const present = async (group: StoredRowGroup): Promise<PresentedResult[]> =>
    presentResults(await readRowGroup(group), algorithm);
  const iterator = groups[Symbol.asyncIterator]();
  let presented: PresentedResult[] = [];
  while (presented.length === 0) {
    const next = await iterator.next();
    if (next.done === true) break;
    presented = await present(next.value);
  }
  const encoding = { format, forSpreadsheet, names: Object.keys(presented[0]?.fields ?? {}) };
  if (format === 'csv') yield Buffer.from(csvHeader(encoding.names));
  yield encodeText(presented, encoding);
  const rest: AsyncIterable<StoredRowGroup> = { [Symbol.asyncIterator]: () => iterator };
  const encoders = new RowGroupEncoders({ algorithm, encoding });
  let bytes = 0;
  try {
    const read = readAhead(
      rest,
      async (group) => {
        const { start, end } = group.reader.rowGroupRange(group.index);
        bytes += end - start;
        const isWorthThreads = bytes >= THREADS_FROM_BYTES;
        return isWorthThreads
          ? { group, cut: await cutRowGroup(group.source, group.reader, group.index) }
          : { group, cut: undefined };
      },
      GROUPS_AHEAD,
    );
    yield* readAhead(
      read,
      async ({ group, cut }) =>
        cut === undefined
          ? encodeText(await present(group), encoding)
          : damageNamed(group.key, () => encoders.encode(cut)),
      encoders.appetite,
    );
  } finally {
    await encoders.close();
  }
}
