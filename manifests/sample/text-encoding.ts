import type { LyricsFile } from './song.ts';

/** Bytes of a text in the encoding of a lyrics file. Throws a RangeError on a character it lacks. */
export function encodeText(text: string, encoding: LyricsFile['encoding']): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  if (encoding === 'utf-8-bom') return new TextEncoder().encode(`\u{feff}${text}`);
  const bytesOf = doubleByteTable(encoding);
  return Uint8Array.from(
    [...text].flatMap((character) => {
      const bytes = character < '\u0080' ? [character.charCodeAt(0)] : bytesOf.get(character);
      if (bytes === undefined) throw new RangeError(`no ${encoding} for ${character}`);
      return bytes;
    }),
  );
}

/** Node decodes these encodings but writes none: what every pair of bytes decodes to, turned round. */
function doubleByteTable(encoding: 'shift_jis' | 'gb18030'): Map<string, readonly number[]> {
  const decoder = new TextDecoder(encoding);
  const table = new Map<string, readonly number[]>();
  for (let first = 0x81; first <= 0xfe; first++) {
    for (let second = 0x40; second <= 0xfe; second++) {
      const decoded = decoder.decode(Uint8Array.of(first, second));
      if ([...decoded].length === 1 && decoded !== '\u{fffd}' && !table.has(decoded)) {
        table.set(decoded, [first, second]);
      }
    }
  }
  return table;
}
