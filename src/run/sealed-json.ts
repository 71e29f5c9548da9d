/**
 * Records as JSON that people can read, with a digest of their own as the last field:
 *
 *     {
 *       "schema": 1,
 *       ...
 *       "sha256": "<hex>"
 *     }
 *
 * The digest is that of all bytes before its own line. A record without the field is one that an older backfill
 * wrote: it is read as it stands. One whose field does not fit has been changed since it was written.
 */
import { createHash } from 'node:crypto';

const SEAL = /,\n {2}"sha256": "([0-9a-f]{64})"\n\}\n$/;

/** The bytes of a record. @param record a JSON object with one field at least, none of them `sha256` */
export function sealJson(record: object): Uint8Array {
  const open = JSON.stringify(record, undefined, 2).replace(/\n\}$/, '');
  return new TextEncoder().encode(`${open},\n  "sha256": "${digestOf(open)}"\n}\n`);
}

/**
 * Reads a record back, without its digest.
 * @throws Error saying what is wrong, where the bytes are not those of a record as it was written
 */
export function openSealedJson(bytes: Uint8Array): unknown {
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    json = JSON.parse(text);
  } catch (error) {
    throw new Error('it is not JSON', { cause: error });
  }
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, 'sha256')) return json;
  const seal = SEAL.exec(text);
  if (seal === null || digestOf(text.slice(0, seal.index)) !== seal[1]) {
    throw new Error('it does not have the digest that it was written with');
  }
  const { sha256: _, ...record } = json as Record<string, unknown>;
  return record;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
