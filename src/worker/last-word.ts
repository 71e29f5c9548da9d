import { randomBytes } from 'node:crypto';
import { leave } from '../run/checkpoint.ts';
import { partKey } from '../run/keys.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { ShardCheckpoint } from './shard-checkpoint.ts';

/** More than a checkpoint takes, and what is written on the way to it. */
const RESERVED_BYTES = 64 * 1024;

/** A store that does not answer is not waited for. */
const MAX_SECONDS = 10;

/**
 * What an attempt says when the machine or the store makes it leave: that no row is to blame. It matters most where
 * rows are noted before they are started, for there a note that stays is taken for a crash of its row. So some room
 * is taken up beforehand, which is freed to say it even on a disk that has become full.
 *
 * The room is a part that no checkpoint names: publishing deletes it, should the attempt not live to do so.
 */
export class LastWord {
  readonly #store: ObjectStore;
  readonly #checkpoint: ShardCheckpoint;
  #reserved = false;

  constructor(store: ObjectStore, checkpoint: ShardCheckpoint) {
    this.#store = store;
    this.#checkpoint = checkpoint;
  }

  /** Takes up the room; no row may be noted before. */
  async reserve(): Promise<void> {
    if (this.#reserved) return;
    await this.#store.put(this.#key, randomBytes(RESERVED_BYTES));
    this.#reserved = true;
  }

  /** Gives the room back: no note stands any more. */
  async release(): Promise<void> {
    if (!this.#reserved) return;
    await this.#store.delete(this.#key);
    this.#reserved = false;
  }

  /** Says that the attempt leaves without its uncommitted work, if it can be said at all. Never rejects. */
  async say(now: string): Promise<void> {
    try {
      await this.release();
      await this.#checkpoint.write(
        leave(this.#checkpoint.current, now),
        AbortSignal.timeout(MAX_SECONDS * 1000),
      );
    } catch {
      // The reason for leaving is told anyway; the next attempt is careful then.
    }
  }

  get #key(): string {
    const { run, shard, attempt } = this.#checkpoint.current;
    return partKey(run, shard, `reserved-${attempt}`);
  }
}
