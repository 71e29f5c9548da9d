/**
 * Writes a packed plan: `manifest.csv.zst`, a frame with the header line and one frame a shard, which
 * `zstdcat` reads as one CSV; and `shards.bin`, where each frame lies. Rows are taken as they stand in
 * the manifest, and compressed some shards at a time while the next are filled.
 */
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { csvRecord, parseCsv } from '../manifest/csv.ts';
import { FileWriter } from './file-writer.ts';
import { compressFrame, compressPieces, type Pieces } from './frame-compression.ts';
import { FrameCompressor } from './frame-compressor.ts';
import { encodePlannedTrack, type PlannedTrack } from './plan-rows.ts';
import { encodeShardEntry, encodeShardTableHeader, SHARD_TABLE_HEADER_RANGE } from './shard-table.ts';
import { ShardCutter, type ShardLimits } from './shards.ts';

/** The names of a plan's files, in a scratch folder as in the store. */
export const PLAN_MANIFEST_FILE = 'manifest.csv.zst';
export const PLAN_SHARDS_FILE = 'shards.bin';

/** Bytes of closed shards that are compressed together. */
const BATCH_BYTES = 1024 * 1024;
/** Room for them, and for most of a block of rows that passes the limit. */
const BATCH_SPACE = 1.5 * BATCH_BYTES;
/** Batches under compression at a time: each may hold a shard of 32 MiB. */
const BATCHES_IN_FLIGHT = 3;

/** What a finished plan holds. */
export interface PlanSize {
  readonly shards: number;
  readonly tracks: number;
  /** CPU seconds. */
  readonly weightSeconds: number;
}

/** What the table will say of a shard. */
interface ClosedShard {
  readonly rows: number;
  readonly weightSeconds: number;
  readonly heaviestTrackSeconds: number;
}

export class PackedPlanWriter {
  readonly #header: readonly string[];
  readonly #cutter: ShardCutter;
  readonly #frames: FileWriter;
  readonly #table: FileWriter;
  #compressor: FrameCompressor | undefined;
  /** Ends when all batches handed over so far are written; there is never a hole before the last. */
  #inFlight: Promise<void>[] = [];
  #headerFrameBytes = 0;

  /** The rows of the closed shards that are not handed over yet, and of the open one: so many bytes. */
  #batch: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #batchBytes = 0;
  /** The rows taken last: bytes `#start` to `#end` of `#source`, not copied into the batch yet. */
  #source: Uint8Array = new Uint8Array();
  #start = 0;
  #end = 0;

  #closed: ClosedShard[] = [];
  #closedLengths: number[] = [];
  #closedBytes = 0;

  #shardBytes = 0;
  #shardRows = 0;
  #shardSeconds = 0;
  #heaviestSeconds = 0;

  #shards = 0;
  #tracks = 0;
  #weightSeconds = 0;

  private constructor(header: readonly string[], limits: ShardLimits, frames: FileWriter, table: FileWriter) {
    this.#header = header;
    this.#cutter = new ShardCutter(limits);
    this.#frames = frames;
    this.#table = table;
  }

  /** Starts a plan in `directory`, which must exist. Its files are whole once `finish` has resolved. */
  static async create(
    directory: string,
    header: readonly string[],
    limits: ShardLimits,
  ): Promise<PackedPlanWriter> {
    const frames = await FileWriter.create(join(directory, PLAN_MANIFEST_FILE));
    const table = await FileWriter.create(join(directory, PLAN_SHARDS_FILE));
    const writer = new PackedPlanWriter(header, limits, frames, table);
    const headerFrame = compressFrame(Buffer.from(csvRecord(header)));
    writer.#headerFrameBytes = headerFrame.length;
    await frames.append(headerFrame);
    await table.append(new Uint8Array(SHARD_TABLE_HEADER_RANGE.length));
    return writer;
  }

  /** Takes the next track; what it returns is as that of {@link addRow}. */
  add(planned: PlannedTrack, weightSeconds: number): Promise<void> | undefined {
    const row = Buffer.from(encodePlannedTrack(planned, this.#header));
    return this.addRow(row, 0, row.length, weightSeconds);
  }

  /**
   * Takes the next track as the row that stands in `source` from `start` to `end`, its line feed included. Rows
   * that lie one behind the other are copied together: the bytes have to stay as they are until
   * {@link copyRows}. What it returns, now and then, is to be awaited before the next call: that bounds the
   * memory. (A promise a track would cost more than the rest of the work.)
   */
  addRow(source: Uint8Array, start: number, end: number, weightSeconds: number): Promise<void> | undefined {
    const startsShard = this.#cutter.startsShard(weightSeconds, end - start);
    const full = startsShard ? this.#closeShard() : undefined;
    if (source !== this.#source || start !== this.#end) {
      this.copyRows();
      this.#source = source;
      this.#start = start;
    }
    this.#end = end;
    this.#shardBytes += end - start;
    this.#shardRows += 1;
    this.#shardSeconds += weightSeconds;
    if (weightSeconds > this.#heaviestSeconds) this.#heaviestSeconds = weightSeconds;
    return full;
  }

  /** Writes what is open; the plan is whole. */
  async finish(): Promise<PlanSize> {
    try {
      if (this.#shardRows > 0) await this.#closeShard();
      if (this.#closed.length > 0) await this.#flush();
      await Promise.all(this.#inFlight);
      await this.#table.overwriteStart(
        encodeShardTableHeader({
          shards: this.#shards,
          headerFrame: { offset: 0, length: this.#headerFrameBytes },
        }),
      );
    } finally {
      await this.#close();
    }
    return { shards: this.#shards, tracks: this.#tracks, weightSeconds: this.#weightSeconds };
  }

  /** Gives up: closes the files as they are. */
  async abandon(): Promise<void> {
    await this.#compressor?.close();
    await Promise.allSettled(this.#inFlight);
    await this.#close();
  }

  async #close(): Promise<void> {
    await Promise.all([this.#compressor?.close(), this.#frames.close(), this.#table.close()]);
  }

  /** Copies the rows taken so far: their sources may change from then on. */
  copyRows(): void {
    const length = this.#end - this.#start;
    if (length === 0) return;
    if (this.#batchBytes + length > this.#batch.length) {
      const larger = new Uint8Array(2 * (this.#batchBytes + length));
      larger.set(this.#batch.subarray(0, this.#batchBytes));
      this.#batch = larger;
    }
    this.#batch.set(this.#source.subarray(this.#start, this.#end), this.#batchBytes);
    this.#batchBytes += length;
    this.#start = this.#end;
  }

  #closeShard(): Promise<void> | undefined {
    this.#closed.push({
      rows: this.#shardRows,
      weightSeconds: this.#shardSeconds,
      heaviestTrackSeconds: this.#heaviestSeconds,
    });
    this.#closedLengths.push(this.#shardBytes);
    this.#closedBytes += this.#shardBytes;
    this.#shards += 1;
    this.#tracks += this.#shardRows;
    this.#weightSeconds += this.#shardSeconds;
    this.#shardBytes = 0;
    this.#shardRows = 0;
    this.#shardSeconds = 0;
    this.#heaviestSeconds = 0;
    if (this.#closedBytes < BATCH_BYTES) return undefined;
    // A small plan never comes here, and needs no thread.
    this.#compressor ??= new FrameCompressor();
    return this.#flush();
  }

  /** Hands the closed shards over to compression at once; waits only where too many batches are under way. */
  async #flush(): Promise<void> {
    this.copyRows();
    const pieces: Pieces = { bytes: this.#batch, lengths: this.#closedLengths };
    const shards = this.#closed;
    this.#batch = this.#compressor?.takeSpace(BATCH_SPACE) ?? new Uint8Array(0);
    this.#batchBytes = 0;
    this.#closed = [];
    this.#closedLengths = [];
    this.#closedBytes = 0;
    const frames = this.#compressor?.compress(pieces) ?? Promise.resolve(compressPieces(pieces));
    const written = this.#write(shards, frames, this.#inFlight.at(-1));
    // Awaited later: a rejection is not unhandled meanwhile.
    written.catch(() => {});
    this.#inFlight.push(written);
    if (this.#inFlight.length >= BATCHES_IN_FLIGHT) await this.#inFlight.shift();
  }

  async #write(
    shards: readonly ClosedShard[],
    frames: Promise<Pieces>,
    previous: Promise<void> | undefined,
  ): Promise<void> {
    const { bytes, lengths } = await frames;
    await previous;
    const entries: Buffer[] = [];
    let offset = this.#frames.bytes;
    shards.forEach((shard, index) => {
      const length = lengths[index] ?? 0;
      entries.push(encodeShardEntry({ frame: { offset, length }, ...shard }));
      offset += length;
    });
    await this.#frames.append(bytes);
    await this.#table.append(Buffer.concat(entries));
  }
}

/** The header of a packed plan, from its first frame. */
export function decodeHeaderFrame(frame: Uint8Array): readonly string[] {
  return parseCsv(zstdDecompressSync(frame), true)[0] ?? [];
}
