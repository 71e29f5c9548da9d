import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RowGroupBytes } from '../results/row-group-bytes.ts';
import type { EncoderAnswer, EncoderSetting } from './encoder-thread.ts';

/** More would wait for the one thread that reads and writes. */
const MOST_THREADS = 8;

/** Row groups that are given to a thread at a time: one to work on, one to go on with. */
const GROUPS_PER_THREAD = 2;

/** Threads that read, present and encode row groups: all of an export that is work. */
export class RowGroupEncoders {
  readonly #setting: EncoderSetting;
  readonly #threads: EncoderThread[] = [];
  readonly #count: number = Math.min(MOST_THREADS, availableParallelism());

  constructor(setting: EncoderSetting) {
    this.#setting = setting;
  }

  /** How many row groups keep all threads at work. */
  get appetite(): number {
    return this.#count * GROUPS_PER_THREAD;
  }

  /** The text of a row group, whose bytes are the thread's from here on. Threads are started as they are needed. */
  encode(cut: RowGroupBytes): Promise<Uint8Array> {
    const idlest = this.#threads.toSorted((a, b) => a.queued - b.queued)[0];
    if (idlest !== undefined && (idlest.queued === 0 || this.#threads.length === this.#count)) {
      return idlest.encode(cut);
    }
    const thread = new EncoderThread(this.#setting);
    this.#threads.push(thread);
    return thread.encode(cut);
  }

  /** Ends the threads, whatever they are at. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

class EncoderThread {
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<Uint8Array>[] = [];

  constructor(setting: EncoderSetting) {
    // Built and run from source alike: the thread's program has the extension of this file.
    const program = new URL(`encoder-thread${extname(import.meta.filename)}`, import.meta.url);
    this.#worker = new Worker(program, { workerData: setting });
    this.#worker.on('message', (answer: EncoderAnswer) => {
      const asked = this.#waiting.shift();
      if ('text' in answer) asked?.resolve(answer.text);
      else asked?.reject(answer.error);
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`a thread of the export ended with ${code}`)));
  }

  /** Row groups that it has not answered yet. */
  get queued(): number {
    return this.#waiting.length;
  }

  encode(cut: RowGroupBytes): Promise<Uint8Array> {
    const asked = Promise.withResolvers<Uint8Array>();
    this.#waiting.push(asked);
    this.#worker.postMessage(
      cut,
      cut.pieces.map(({ bytes }) => bytes.buffer),
    );
    return asked.promise;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
