/** What ListObjectsV2 is asked for: docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export interface ListingOptions {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  /** Keys up to this one are left out: `start-after`, or where the page before ended. */
  readonly after: string | undefined;
  readonly maxKeys: number;
}

export interface ListingPage {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  /** What the next page comes after; undefined on the last. */
  readonly next: string | undefined;
}

/** A page of `sortedKeys`. A rolled-up prefix counts as one key, and is listed on one page alone. */
export function listKeys(sortedKeys: readonly string[], options: ListingOptions): ListingPage {
  const { prefix, delimiter, after, maxKeys } = options;
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  const start = after === undefined || after < prefix ? prefix : after;
  for (let i = firstAtOrAfter(sortedKeys, start); i < sortedKeys.length; i++) {
    const key = sortedKeys[i] ?? '';
    if (!key.startsWith(prefix)) {
      if (key > prefix) break;
      continue;
    }
    const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
    const rolledUp = end < 0 || delimiter === undefined ? undefined : key.slice(0, end + delimiter.length);
    // A page that ended with a prefix is continued after all that the prefix holds.
    if (after !== undefined && (key <= after || (rolledUp !== undefined && rolledUp === after))) continue;
    if (rolledUp !== undefined && rolledUp === prefixes.at(-1)) continue;
    if (keys.length + prefixes.length === maxKeys) return { keys, prefixes, next: last };
    if (rolledUp === undefined) keys.push(key);
    else prefixes.push(rolledUp);
    last = rolledUp ?? key;
  }
  return { keys, prefixes, next: undefined };
}

function firstAtOrAfter(sorted: readonly string[], wanted: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
