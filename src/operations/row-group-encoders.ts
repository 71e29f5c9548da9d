import { availableParallelism } from 'node:os';
import { AnsweringThread } from '../answering-thread.ts';
import { ParquetDamage } from '../results/parquet-checksums.ts';
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

class EncoderThread extends AnsweringThread<RowGroupBytes, EncoderAnswer> {
  constructor(setting: EncoderSetting) {
    super({ program: 'encoder-thread', beside: import.meta.url, what: 'encodes results', data: setting });
  }

  async encode(cut: RowGroupBytes): Promise<Uint8Array> {
    const transferred = cut.pieces.map(({ bytes }) => bytes.buffer);
    const answer = await this.ask(cut, transferred);
    if ('damage' in answer) throw new ParquetDamage(answer.damage);
    if ('error' in answer) throw answer.error;
    return answer.text;
  }
}
