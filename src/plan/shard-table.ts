/**
 * The shard table, `plan/shards.bin`: fixed-width, little-endian, so that a worker finds its frame with one
 * ranged read.
 *
 *     header  0  magic "BFSH"     4  schema u32 = 1     8  shards u32     12  bytes of the plan's header frame u32
 *     entry   0  offset u64       8  length u32        12  rows u32      16  weight f64    24  heaviest track f64
 */
import type { ByteRange } from '../store/object-store.ts';

/** One shard of a plan. */
export interface ShardEntry {
  /** Where its frame lies in `plan/manifest.csv.zst`. */
  readonly frame: ByteRange;
  readonly rows: number;
  /** CPU seconds of all its tracks. */
  readonly weightSeconds: number;
  /** CPU seconds of the heaviest of them. */
  readonly heaviestTrackSeconds: number;
}

export interface ShardTableHeader {
  readonly shards: number;
  /** The plan's first frame: the header line alone. */
  readonly headerFrame: ByteRange;
}

const MAGIC = Buffer.from('BFSH', 'latin1');
const SCHEMA = 1;

/** Where the table's header lies. */
export const SHARD_TABLE_HEADER_RANGE: ByteRange = { offset: 0, length: 16 };
const ENTRY_BYTES = 32;

/** Where the entry of shard `index`, from 0, lies in the table. */
export function shardEntryRange(index: number): ByteRange {
  return { offset: SHARD_TABLE_HEADER_RANGE.length + index * ENTRY_BYTES, length: ENTRY_BYTES };
}

export function encodeShardTableHeader(header: ShardTableHeader): Buffer {
  const bytes = Buffer.alloc(SHARD_TABLE_HEADER_RANGE.length);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(SCHEMA, 4);
  bytes.writeUInt32LE(header.shards, 8);
  bytes.writeUInt32LE(header.headerFrame.length, 12);
  return bytes;
}

/** @throws where the bytes are not the header of a shard table that this version reads */
export function readShardTableHeader(bytes: Uint8Array): ShardTableHeader {
  const buffer = bufferOf(bytes, SHARD_TABLE_HEADER_RANGE.length);
  if (!buffer.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('not a shard table');
  const schema = buffer.readUInt32LE(4);
  if (schema !== SCHEMA) throw new Error(`a shard table of schema ${schema}: only ${SCHEMA} is read`);
  return { shards: buffer.readUInt32LE(8), headerFrame: { offset: 0, length: buffer.readUInt32LE(12) } };
}

export function encodeShardEntry(entry: ShardEntry): Buffer {
  const bytes = Buffer.alloc(ENTRY_BYTES);
  bytes.writeBigUInt64LE(BigInt(entry.frame.offset), 0);
  bytes.writeUInt32LE(entry.frame.length, 8);
  bytes.writeUInt32LE(entry.rows, 12);
  bytes.writeDoubleLE(entry.weightSeconds, 16);
  bytes.writeDoubleLE(entry.heaviestTrackSeconds, 24);
  return bytes;
}

/** @throws where there are not the bytes of an entry: the shard does not exist */
export function readShardEntry(bytes: Uint8Array): ShardEntry {
  const buffer = bufferOf(bytes, ENTRY_BYTES);
  return {
    frame: { offset: Number(buffer.readBigUInt64LE(0)), length: buffer.readUInt32LE(8) },
    rows: buffer.readUInt32LE(12),
    weightSeconds: buffer.readDoubleLE(16),
    heaviestTrackSeconds: buffer.readDoubleLE(24),
  };
}

/** All entries of a whole table, one by one. */
export function* readShardTable(table: Uint8Array): Generator<ShardEntry> {
  const { shards } = readShardTableHeader(table.subarray(0, SHARD_TABLE_HEADER_RANGE.length));
  for (let index = 0; index < shards; index += 1) {
    const { offset, length } = shardEntryRange(index);
    yield readShardEntry(table.subarray(offset, offset + length));
  }
}

/**
 * What every shard of a whole table weighs, without the rest of its entry: a third of the work, for whoever looks at
 * tens of thousands of them again and again.
 */
export function readShardWeights(table: Uint8Array): Pick<ShardEntry, 'rows' | 'weightSeconds'>[] {
  const { shards } = readShardTableHeader(table.subarray(0, SHARD_TABLE_HEADER_RANGE.length));
  const buffer = bufferOf(table, shardEntryRange(shards).offset);
  return Array.from({ length: shards }, (_, index) => {
    const { offset } = shardEntryRange(index);
    return { rows: buffer.readUInt32LE(offset + 12), weightSeconds: buffer.readDoubleLE(offset + 16) };
  });
}

function bufferOf(bytes: Uint8Array, length: number): Buffer {
  if (bytes.byteLength !== length) {
    throw new Error(`the shard table gives ${bytes.byteLength} bytes where ${length} are expected`);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
