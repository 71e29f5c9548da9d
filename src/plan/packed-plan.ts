/**
 * Writes a packed plan: `manifest.csv.zst`, a frame with the header line and one frame a shard, which
 * `zstdcat` reads as one CSV; and `shards.bin`, where each frame lies. Frames are compressed on Node's
 * thread pool, a few at a time, and written in order.
 */
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { csvRecord, parseCsv } from '../manifest/csv.ts';
import { FileWriter } from './file-writer.ts';
import { encodePlannedTrack, type PlannedTrack } from './plan-rows.ts';
import { encodeShardEntry, encodeShardTableHeader, SHARD_TABLE_HEADER_RANGE } from './shard-table.ts';
import { ShardCutter, type ShardLimits } from './shards.ts';

/** The names of a plan's files, in a scratch folder as in the store. */
export const PLAN_MANIFEST_FILE = 'manifest.csv.zst';
export const PLAN_SHARDS_FILE = 'shards.bin';

const compress = promisify(zstdCompress);
/** The checksum makes a damaged frame an error instead of wrong tracks. */
const COMPRESSION = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
/** Frames under compression at a time: each may hold 32 MiB. */
const FRAMES_IN_FLIGHT = 3;

/** What a finished plan holds. */
export interface PlanSize {
  readonly shards: number;
  readonly tracks: number;
  /** CPU seconds. */
  readonly weightSeconds: number;
}

/** A shard that is being filled. */
interface OpenShard {
  rows: string[];
  weightSeconds: number;
  heaviestTrackSeconds: number;
}

export class PackedPlanWriter {
  readonly #header: readonly string[];
  readonly #cutter: ShardCutter;
  readonly #frames: FileWriter;
  readonly #table: FileWriter;
  /** Ends when all frames handed over so far are written; there is never a hole before the last. */
  #inFlight: Promise<void>[] = [];
  #shard: OpenShard = emptyShard();
  #headerFrameBytes = 0;
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
    const headerFrame = await compress(csvRecord(header), COMPRESSION);
    writer.#headerFrameBytes = headerFrame.length;
    await frames.append(headerFrame);
    await table.append(new Uint8Array(SHARD_TABLE_HEADER_RANGE.length));
    return writer;
  }

  /**
   * Takes the next track. What it returns, now and then, is to be awaited before the next call: that bounds
   * the memory. (A promise a track would cost more than the rest of the work.)
   */
  add(planned: PlannedTrack, weightSeconds: number): Promise<void> | undefined {
    const row = encodePlannedTrack(planned, this.#header);
    const startsShard = this.#cutter.startsShard({ weightSeconds, bytes: Buffer.byteLength(row) });
    const closed = startsShard ? this.#closeShard() : undefined;
    this.#shard.rows.push(row);
    this.#shard.weightSeconds += weightSeconds;
    this.#shard.heaviestTrackSeconds = Math.max(this.#shard.heaviestTrackSeconds, weightSeconds);
    return closed;
  }

  /** Writes what is open; the plan is whole. */
  async finish(): Promise<PlanSize> {
    if (this.#shard.rows.length > 0) await this.#closeShard();
    await Promise.all(this.#inFlight);
    await this.#table.overwriteStart(
      encodeShardTableHeader({
        shards: this.#shards,
        headerFrame: { offset: 0, length: this.#headerFrameBytes },
      }),
    );
    await this.#close();
    return { shards: this.#shards, tracks: this.#tracks, weightSeconds: this.#weightSeconds };
  }

  /** Gives up: closes the files as they are. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
    await this.#close();
  }

  async #close(): Promise<void> {
    await Promise.all([this.#frames.close(), this.#table.close()]);
  }

  /** Hands the open shard over to compression at once; waits only where too many frames are under way. */
  async #closeShard(): Promise<void> {
    const shard = this.#shard;
    this.#shard = emptyShard();
    this.#shards += 1;
    this.#tracks += shard.rows.length;
    this.#weightSeconds += shard.weightSeconds;
    const frame = compress(shard.rows.join(''), COMPRESSION);
    const previous = this.#inFlight.at(-1);
    const written = this.#write(shard, frame, previous);
    // Awaited later: a rejection is not unhandled meanwhile.
    written.catch(() => {});
    this.#inFlight.push(written);
    if (this.#inFlight.length >= FRAMES_IN_FLIGHT) await this.#inFlight.shift();
  }

  async #write(
    shard: OpenShard,
    frame: Promise<Uint8Array>,
    previous: Promise<void> | undefined,
  ): Promise<void> {
    const bytes = await frame;
    await previous;
    const offset = this.#frames.bytes;
    await this.#frames.append(bytes);
    await this.#table.append(
      encodeShardEntry({
        frame: { offset, length: bytes.length },
        rows: shard.rows.length,
        weightSeconds: shard.weightSeconds,
        heaviestTrackSeconds: shard.heaviestTrackSeconds,
      }),
    );
  }
}

/** The header of a packed plan, from its first frame. */
export function decodeHeaderFrame(frame: Uint8Array): readonly string[] {
  return parseCsv(zstdDecompressSync(frame), true)[0] ?? [];
}

function emptyShard(): OpenShard {
  return { rows: [], weightSeconds: 0, heaviestTrackSeconds: 0 };
}
