/**
 * A submission's table: which shard each array index works, and where its rows are in which plan. Fixed
 * width, little endian, so that a worker reads its own entry and nothing else.
 *
 *     entry   0  shard u32     4  generation u32     8  the shard's entry of that plan's shards.bin
 */
import { usageError } from '../errors.ts';
import { type ShardEntry, encodeShardEntry, readShardEntry, shardEntryRange } from '../plan/shard-table.ts';
import type { ByteRange } from '../store/object-store.ts';

export interface SubmissionEntry extends ShardEntry {
  readonly shard: number;
  /** The plan that holds its rows. */
  readonly generation: number;
}

const PREFIX_BYTES = 8;
const ENTRY_BYTES = PREFIX_BYTES + shardEntryRange(0).length;

/** Where the entry of an array index is. */
export function submissionEntryRange(index: number): ByteRange {
  return { offset: index * ENTRY_BYTES, length: ENTRY_BYTES };
}

/** The whole table, in array-index order. */
export function encodeSubmissionTable(entries: readonly SubmissionEntry[]): Uint8Array {
  const bytes = Buffer.alloc(entries.length * ENTRY_BYTES);
  for (const [index, entry] of entries.entries()) {
    const { offset } = submissionEntryRange(index);
    bytes.writeUInt32LE(entry.shard, offset);
    bytes.writeUInt32LE(entry.generation, offset + 4);
    encodeShardEntry(entry).copy(bytes, offset + PREFIX_BYTES);
  }
  return bytes;
}

/** The entries of a whole table, in array-index order. */
export function decodeSubmissionTable(bytes: Uint8Array): SubmissionEntry[] {
  // Of a piece of an entry at the end nothing is made: there is one entry too few then.
  return Array.from({ length: Math.floor(bytes.length / ENTRY_BYTES) }, (_, index) => {
    const { offset, length } = submissionEntryRange(index);
    return decodeSubmissionEntry(bytes.subarray(offset, offset + length), index);
  });
}

/**
 * One entry of the table.
 * @param index where it was read, for the message
 * @throws BackfillError `no-such-index` when the index is past the table's end
 */
export function decodeSubmissionEntry(bytes: Uint8Array, index: number): SubmissionEntry {
  if (bytes.length !== ENTRY_BYTES) {
    throw usageError('no-such-index', `the submission has no shard at array index ${index}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    shard: view.getUint32(0, true),
    generation: view.getUint32(4, true),
    ...readShardEntry(bytes.subarray(PREFIX_BYTES)),
  };
}
