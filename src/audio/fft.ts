import createPffft from '@echogarden/pffft-wasm/simd';

/** The parts of the Emscripten module that are used here. */
interface Pffft {
  readonly HEAPF32: Float32Array;
  _pffft_new_setup(size: number, transform: number): number;
  _pffft_transform_ordered(
    setup: number,
    input: number,
    output: number,
    work: number,
    direction: number,
  ): void;
  _pffft_aligned_malloc(bytes: number): number;
}

const REAL_TRANSFORM = 0;
const FORWARD = 0;
const BYTES_PER_FLOAT = 4;

const loading: Promise<Pffft> = createPffft() as Promise<Pffft>;
const plans = new Map<number, RealFft>();

/**
 * The forward FFT of `size` real samples (size: 32 times a product of 2, 3 and 5), by PFFFT in WebAssembly
 * with SIMD. One instance a size is shared by the process: it lives as long as the process does.
 */
export async function realFft(size: number): Promise<RealFft> {
  let plan = plans.get(size);
  if (plan === undefined) {
    const pffft = await loading;
    plan = plans.get(size) ?? new RealFft(pffft, size);
    plans.set(size, plan);
  }
  return plan;
}

/** A prepared transform with its own input and output buffers. Not re-entrant, and never awaits. */
export class RealFft {
  readonly size: number;
  readonly #pffft: Pffft;
  readonly #setup: number;
  readonly #input: number;
  readonly #output: number;
  readonly #work: number;

  constructor(pffft: Pffft, size: number) {
    this.size = size;
    this.#pffft = pffft;
    this.#setup = pffft._pffft_new_setup(size, REAL_TRANSFORM);
    if (this.#setup === 0) {
      throw new RangeError(`an FFT of ${size} points is not possible: 32 times a product of 2, 3 and 5 is`);
    }
    this.#input = pffft._pffft_aligned_malloc(size * BYTES_PER_FLOAT);
    this.#output = pffft._pffft_aligned_malloc(size * BYTES_PER_FLOAT);
    this.#work = pffft._pffft_aligned_malloc(size * BYTES_PER_FLOAT);
  }

  /** Where the `size` samples go before `transform`. A view: fetch it anew for each transform. */
  get input(): Float32Array {
    return this.#view(this.#input);
  }

  /**
   * Transforms what stands in `input`, unscaled. Returns a view that the next transform overwrites:
   * `[re 0, re N/2, re 1, im 1, re 2, im 2, ...]`.
   */
  transform(): Float32Array {
    this.#pffft._pffft_transform_ordered(this.#setup, this.#input, this.#output, this.#work, FORWARD);
    return this.#view(this.#output);
  }

  #view(pointer: number): Float32Array {
    const start = pointer / BYTES_PER_FLOAT;
    return this.#pffft.HEAPF32.subarray(start, start + this.size);
  }
}
