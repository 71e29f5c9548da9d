/**
 * The rule for keys of any store: relative, `/`-separated, printable ASCII, no empty, `.` or `..`
 * segment, and no segment that begins with a dot (the folder store keeps its own things there).
 */
const KEY = /^(?:[!-.0-~](?:[ -.0-~]*[!-.0-~])?)(?:\/[!-.0-~](?:[ -.0-~]*[!-.0-~])?)*$/;

/** @throws RangeError when `key` is not one that every store can hold. */
export function assertKey(key: string): void {
  if (!KEY.test(key) || key.split('/').some((segment) => segment.startsWith('.'))) {
    throw new RangeError(`${JSON.stringify(key)} is not a key that a store can hold`);
  }
}
