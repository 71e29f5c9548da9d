/** Consumes overlapping frames; `frame` is reused between calls. */
export type FrameConsumer = (frame: Float32Array) => void;

/**
 * Cuts a stream of mono samples into overlapping frames, frame k centred on sample k * hop (half a frame
 * of zeros stands before the start and after the end), whatever the sizes of the chunks it arrives in.
 */
export class FrameStream {
  readonly #hop: number;
  readonly #buffer: Float32Array;
  readonly #consume: FrameConsumer;
  #filled: number;

  constructor(size: number, hop: number, consume: FrameConsumer) {
    this.#hop = hop;
    this.#buffer = new Float32Array(size);
    this.#consume = consume;
    this.#filled = size / 2;
  }

  /** Takes `count` samples from the head of `samples`. */
  write(samples: Float32Array, count: number): void {
    let read = 0;
    while (read < count) {
      const taken = Math.min(count - read, this.#buffer.length - this.#filled);
      this.#buffer.set(samples.subarray(read, read + taken), this.#filled);
      this.#filled += taken;
      read += taken;
      if (this.#filled === this.#buffer.length) {
        this.#consume(this.#buffer);
        this.#buffer.copyWithin(0, this.#hop);
        this.#filled -= this.#hop;
      }
    }
  }

  /** The stream is over: completes the frame whose centre still lies within it. */
  end(): void {
    while (this.#filled > this.#buffer.length / 2) {
      this.#buffer.fill(0, this.#filled);
      this.#consume(this.#buffer);
      this.#buffer.copyWithin(0, this.#hop);
      this.#filled -= this.#hop;
    }
  }
}
