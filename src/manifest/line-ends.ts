const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Each line ended by a line feed alone, the last one too. What csv-parse would take for text stays: of several
 * carriage returns before a line feed, all (the line is doubtful then).
 */
export function withPlainLineEnds(block: Buffer): Buffer {
  if (!block.includes(CARRIAGE_RETURN) && block.at(-1) === LINE_FEED) return block;
  const bytes = Buffer.allocUnsafe(block.length + 1);
  let length = 0;
  for (let position = 0; position < block.length; position += 1) {
    const byte = block[position] as number;
    const endsLine = block[position + 1] === LINE_FEED && block[position - 1] !== CARRIAGE_RETURN;
    if (byte === CARRIAGE_RETURN && endsLine) continue;
    bytes[length] = byte;
    length += 1;
  }
  if (length > 0 && bytes[length - 1] !== LINE_FEED) {
    bytes[length] = LINE_FEED;
    length += 1;
  }
  return bytes.subarray(0, length);
}

/** Makes line feeds of carriage returns that end lines alone, chunk by chunk; several before a line feed are dropped. */
export class ReturnsAsLineFeeds {
  /** Carriage returns at the end of what has come: what they are, the next byte says. */
  #held = 0;

  /** The bytes as they come, in memory of their own. */
  push(chunk: Buffer): Buffer {
    const bytes = Buffer.allocUnsafe(this.#held + chunk.length);
    let length = 0;
    for (const byte of chunk) {
      if (byte === CARRIAGE_RETURN) {
        this.#held += 1;
        continue;
      }
      const ends = byte === LINE_FEED ? 0 : this.#held;
      bytes.fill(LINE_FEED, length, length + ends);
      length += ends;
      this.#held = 0;
      bytes[length] = byte;
      length += 1;
    }
    return bytes.subarray(0, length);
  }

  /** All has come: the last line ends. */
  end(): Buffer {
    return Buffer.alloc(this.#held, LINE_FEED);
  }
}
