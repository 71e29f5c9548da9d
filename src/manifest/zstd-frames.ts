/**
 * Finds where zstd frames end in a stream of bytes without decompressing: headers tell the sizes of blocks
 * and blocks tell which is the last (RFC 8878, section 3.1).
 */

export interface FramePiece {
  readonly bytes: Buffer;
  /** Whether these bytes are the last of their frame. */
  readonly endsFrame: boolean;
  /** Of a skippable frame, which holds no data. */
  readonly isSkippable: boolean;
}

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const CHECKSUM_BYTES = 4;
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/** Whether the first four bytes of a file are those of a zstd frame, with data or skippable. */
export function startsZstd(head: Buffer): boolean {
  if (head.length < FIELD_BYTES.magic) return false;
  const magic = head.readUInt32LE();
  return magic === FRAME_MAGIC || isSkippableMagic(magic);
}

type Field = 'magic' | 'descriptor' | 'block' | 'skippable-size';
const FIELD_BYTES: Readonly<Record<Field, number>> = {
  magic: 4,
  descriptor: 1,
  block: 3,
  'skippable-size': 4,
};

export class ZstdFrameWalker {
  #field: Field = 'magic';
  /** The bytes of `#field` that have come. */
  #gathered: Buffer = Buffer.alloc(0);
  /** Bytes to pass over before the next field. */
  #skip = 0;
  #hasChecksum = false;
  #isSkippable = false;
  /** The frame ends once `#skip` bytes have passed. */
  #isEnding = false;

  /** Whether all bytes so far are whole frames. */
  get isBetweenFrames(): boolean {
    return this.#field === 'magic' && this.#gathered.length === 0;
  }

  /**
   * Cuts a chunk where frames end.
   * @throws where the bytes are no zstd frames
   */
  *walk(chunk: Buffer): Generator<FramePiece> {
    let start = 0;
    let position = 0;
    while (position < chunk.length) {
      position += this.#skip > 0 ? this.#pass(chunk.length - position) : this.#gather(chunk, position);
      if (this.#isEnding && this.#skip === 0) {
        yield { bytes: chunk.subarray(start, position), endsFrame: true, isSkippable: this.#isSkippable };
        start = position;
        this.#isEnding = false;
        this.#field = 'magic';
      }
    }
    if (start < position) {
      yield { bytes: chunk.subarray(start), endsFrame: false, isSkippable: this.#isSkippable };
    }
  }

  #pass(available: number): number {
    const passed = Math.min(this.#skip, available);
    this.#skip -= passed;
    return passed;
  }

  #gather(chunk: Buffer, position: number): number {
    const wanted = FIELD_BYTES[this.#field] - this.#gathered.length;
    const bytes = chunk.subarray(position, position + wanted);
    this.#gathered = Buffer.concat([this.#gathered, bytes]);
    if (bytes.length === wanted) {
      const field = this.#gathered;
      this.#gathered = Buffer.alloc(0);
      this.#understand(field);
    }
    return bytes.length;
  }

  #understand(field: Buffer): void {
    switch (this.#field) {
      case 'magic':
        return this.#startFrame(field.readUInt32LE());
      case 'descriptor':
        return this.#readDescriptor(field.readUInt8());
      case 'block':
        return this.#readBlockHeader(field.readUIntLE(0, 3));
      case 'skippable-size':
        this.#skip = field.readUInt32LE();
        this.#isEnding = true;
    }
  }

  #startFrame(magic: number): void {
    this.#isSkippable = isSkippableMagic(magic);
    if (!this.#isSkippable && magic !== FRAME_MAGIC) throw new Error('not zstd data');
    this.#field = this.#isSkippable ? 'skippable-size' : 'descriptor';
  }

  #readDescriptor(descriptor: number): void {
    const isSingleSegment = (descriptor & 0b10_0000) !== 0;
    const contentSizeFlag = descriptor >>> 6;
    const contentSize =
      contentSizeFlag === 0 && isSingleSegment ? 1 : (CONTENT_SIZE_BYTES[contentSizeFlag] ?? 0);
    this.#hasChecksum = (descriptor & 0b100) !== 0;
    this.#skip = (isSingleSegment ? 0 : 1) + (DICTIONARY_ID_BYTES[descriptor & 0b11] ?? 0) + contentSize;
    this.#field = 'block';
  }

  #readBlockHeader(header: number): void {
    const type = (header >>> 1) & 0b11;
    if (type === RESERVED_BLOCK) throw new Error('zstd data is damaged');
    this.#skip = type === RLE_BLOCK ? 1 : header >>> 3;
    if ((header & 1) === 0) return;
    this.#isEnding = true;
    if (this.#hasChecksum) this.#skip += CHECKSUM_BYTES;
  }
}

/** Any of the sixteen that the format sets aside. */
function isSkippableMagic(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}
