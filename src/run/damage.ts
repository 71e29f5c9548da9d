/** Objects of a store that are not as they were written: an error that names the object and says what can be done. */
import { type BackfillError, environmentError, messageOf } from '../errors.ts';

/**
 * An object of the store that is damaged, missing or another one than its key says. It is never read around: what is
 * left might be taken for all there is.
 *
 * @param key the object, or the folder that lacks one
 * @param problem what is wrong with it, behind "is damaged: "
 */
export function storeDamaged(key: string, problem: string, options?: ErrorOptions): BackfillError {
  return environmentError('store-damaged', `${key} in the store is damaged: ${problem}`, {
    ...options,
    hint: 'put back a good copy of it (a backup, or an earlier version where the bucket keeps them), or process its tracks again with backfill run --new',
  });
}

/** An object that another one names is not there. */
export function storeLacks(key: string, options?: ErrorOptions): BackfillError {
  return storeDamaged(key, 'it is missing', options);
}

/**
 * Decodes a piece of a plan: whatever breaks in that is the plan's damage.
 * @param piece in words: `the rows of shard 3`
 * @throws BackfillError `store-damaged`
 */
export function readingPlan<T>(key: string, piece: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw storeDamaged(key, `${piece} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
