import { type BackfillError, environmentError } from '../errors.ts';
import { type CrashReport, claim } from '../run/checkpoint.ts';
import { checkpointKey } from '../run/keys.ts';
import { decodeRecord, encodeRecord } from '../run/record-codec.ts';
import type { Checkpoint } from '../run/records.ts';
import {
  type ObjectStore,
  ObjectMissing,
  PreconditionFailed,
  type StoredObject,
} from '../store/object-store.ts';
import { isAlive, isThisProcess, thisProcess } from './liveness.ts';

/** Another attempt has taken the shard: whatever this one still holds is no longer wanted. */
export class AttemptReplaced extends Error {
  constructor(shard: number, by: string) {
    super(`shard ${shard} is now worked by attempt ${by}`);
    this.name = 'AttemptReplaced';
  }
}

interface ShardIdentity {
  readonly run: string;
  readonly shard: number;
  readonly rows: number;
}

/** A shard's checkpoint as one attempt holds it. Every change is a compare-and-swap over the last one seen. */
export class ShardCheckpoint {
  readonly #store: ObjectStore;
  readonly #key: string;
  #current: Checkpoint;
  #etag: string;

  private constructor(store: ObjectStore, key: string, current: Checkpoint, etag: string) {
    this.#store = store;
    this.#key = key;
    this.#current = current;
    this.#etag = etag;
  }

  /** Takes a shard for `attempt`, over whoever held it. A finished shard is left as it is. */
  static async take(
    store: ObjectStore,
    identity: ShardIdentity,
    options: {
      readonly attempt: string;
      readonly crash: CrashReport | undefined;
      /** How often this worker was started again because its machine was taken away; undefined: not so now. */
      readonly reclaims?: number | undefined;
      readonly now: () => string;
    },
  ): Promise<{ readonly checkpoint: ShardCheckpoint; readonly careful: boolean }> {
    const { run, shard } = identity;
    const key = checkpointKey(run, shard);
    for (;;) {
      const found = await readCheckpoint(store, run, shard);
      if (found?.checkpoint.state === 'finished') {
        return { checkpoint: new ShardCheckpoint(store, key, found.checkpoint, found.etag), careful: false };
      }
      const { attempt, crash, reclaims, now } = options;
      if (found?.checkpoint.attempt === attempt) {
        // Our own claim, whose answer was lost on its way.
        return { checkpoint: new ShardCheckpoint(store, key, found.checkpoint, found.etag), careful: true };
      }
      const claimed = claim({
        previous: found?.checkpoint,
        ...identity,
        attempt,
        holder: thisProcess(),
        crash,
        reclaims,
        previousLives: found !== undefined && (await holderLives(found.checkpoint)),
        now: now(),
      });
      try {
        const { etag } = await store.put(
          key,
          encodeRecord(claimed.checkpoint),
          found === undefined ? { ifNoneMatch: '*' } : { ifMatch: found.etag },
        );
        return {
          checkpoint: new ShardCheckpoint(store, key, claimed.checkpoint, etag),
          careful: claimed.careful,
        };
      } catch (error) {
        // Someone else claimed at the same moment: look again, and take it over from them.
        if (!(error instanceof PreconditionFailed)) throw error;
      }
    }
  }

  get current(): Checkpoint {
    return this.#current;
  }

  /**
   * Replaces the checkpoint.
   * @throws AttemptReplaced when another attempt has the shard; BackfillError `checkpoint-gone` when it was deleted
   */
  async write(next: Checkpoint, signal?: AbortSignal): Promise<void> {
    const body = encodeRecord(next);
    try {
      const condition = { ifMatch: this.#etag, ...(signal === undefined ? {} : { signal }) };
      const { etag } = await this.#store.put(this.#key, body, condition);
      this.#etag = etag;
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
      const stored = await this.#store.get(this.#key).catch((missing: unknown) => {
        throw missing instanceof ObjectMissing ? this.#gone(missing) : missing;
      });
      // The answer to our own write may have been lost on its way, and the write tried again.
      if (!Buffer.from(stored.bytes).equals(body)) {
        const { attempt } = decode(stored, this.#key, next.run, next.shard);
        throw new AttemptReplaced(next.shard, attempt);
      }
      this.#etag = stored.etag;
    }
    this.#current = next;
  }

  #gone(cause: ObjectMissing): BackfillError {
    const message = `the checkpoint of shard ${this.#current.shard} is no longer in ${this.#store.uri}`;
    return environmentError('checkpoint-gone', message, {
      cause,
      hint: 'see whether the store was deleted or unmounted; once it is back, resume the run',
    });
  }
}

/** Whether a shard is being worked by a process of this machine. */
export async function holderLives({ state, holder, attempt }: Checkpoint): Promise<boolean> {
  return state === 'running' && !isThisProcess(holder) && isAlive(holder, attempt);
}

/** Reads a shard's checkpoint; undefined where the shard was never claimed. */
export async function readCheckpoint(
  store: ObjectStore,
  run: string,
  shard: number,
): Promise<{ readonly checkpoint: Checkpoint; readonly etag: string } | undefined> {
  const key = checkpointKey(run, shard);
  try {
    const stored = await store.get(key);
    return { checkpoint: decode(stored, key, run, shard), etag: stored.etag };
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}

function decode(stored: StoredObject, key: string, run: string, shard: number): Checkpoint {
  return decodeRecord('checkpoint', key, stored.bytes, { run, shard });
}
