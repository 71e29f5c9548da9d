/** Reading objects that have to be there, because a record names them. */
import { type ByteRange, ObjectMissing, type ObjectStore } from '../store/object-store.ts';
import { storeDamaged, storeLacks } from './damage.ts';

/**
 * The bytes of an object that a record names.
 * @throws BackfillError `store-damaged` where it is missing, or shorter than the range that the record names
 */
export async function readNamedObject(
  store: ObjectStore,
  key: string,
  options?: { readonly range?: ByteRange; readonly signal?: AbortSignal },
): Promise<Uint8Array> {
  const bytes = await readIfPresent(store, key, options);
  if (bytes === undefined) throw storeLacks(key);
  const length = options?.range?.length ?? bytes.byteLength;
  if (bytes.byteLength < length) {
    throw storeDamaged(key, `it ends ${length - bytes.byteLength} bytes before what is to be read of it`);
  }
  return bytes;
}

/** The bytes of an object; undefined where there is none. */
export async function readIfPresent(
  store: ObjectStore,
  key: string,
  options?: { readonly range?: ByteRange; readonly signal?: AbortSignal },
): Promise<Uint8Array | undefined> {
  try {
    return (await store.get(key, options)).bytes;
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}
