import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLyrics, MAX_LYRICS_BYTES } from '../../../src/algorithms/romanisation/lyrics-encoding.ts';
import { TrackFailure } from '../../../src/failures.ts';
import { encodeLegacy } from './legacy-encoder.ts';

const JAPANESE = '[00:01.00]夜空に光る星を見ていた\n[00:05.00]あの日の約束を覚えてる？\n';
const MANDARIN = '[00:01.00]夜空中最亮的星\n[00:05.00]我们说好不分离，一直到永远\n';
const TRADITIONAL = '[00:01.00]天空下著雨，我還在等你\n[00:05.00]說好不哭，你卻先走了\n';
const KOREAN = '[00:01.00]너를 사랑해 오늘도 내일도\n[00:05.00]그대와 함께 걷던 이 길을\n';

function utf16(text: string, order: 'le' | 'be', mark: boolean): Uint8Array {
  const units = [...(mark ? `\ufeff${text}` : text)].flatMap((character) =>
    character.split('').map((unit) => unit.charCodeAt(0)),
  );
  return Uint8Array.from(
    units.flatMap((unit) => (order === 'le' ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])),
  );
}

function failureOf(bytes: Uint8Array): { code: string; message: string } {
  try {
    decodeLyrics(bytes);
  } catch (error) {
    if (error instanceof TrackFailure) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('was decoded');
}

describe('decodeLyrics', () => {
  it.each([
    ['shift_jis', JAPANESE],
    ['gb18030', MANDARIN],
    ['gb18030', JAPANESE],
    ['big5', TRADITIONAL],
    ['euc-kr', KOREAN],
  ])('finds %s out by itself', (encoding, text) => {
    expect(decodeLyrics(encodeLegacy(text, encoding))).toBe(text);
  });

  it('takes the language for a hint: EUC-JP has its kana where GB 18030 has them', () => {
    expect(decodeLyrics(encodeLegacy(JAPANESE, 'euc-jp'), 'ja')).toBe(JAPANESE);
  });

  it.each(['le', 'be'] as const)('reads UTF-16 %s with and without a byte order mark', (order) => {
    for (const text of [JAPANESE, MANDARIN, KOREAN]) {
      expect(decodeLyrics(utf16(text, order, true))).toBe(text);
      expect(decodeLyrics(utf16(text, order, false))).toBe(text);
    }
  });

  it('reads UTF-8 with and without a byte order mark, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', ' ', '[', '1', 'é', '愛', 'あ', '한', '😀', '\n'),
          minLength: 1,
        }),
        (text) => {
          expect(decodeLyrics(new TextEncoder().encode(text))).toBe(text);
          expect(decodeLyrics(new TextEncoder().encode(`\ufeff${text}`))).toBe(text);
        },
      ),
    );
  });

  it('refuses what is no text', () => {
    const png = Uint8Array.of(
      0x89,
      0x50,
      0x4e,
      0x47,
      0x0d,
      0x0a,
      0x1a,
      0x0a,
      0,
      0,
      0,
      0x0d,
      0x49,
      0x48,
      0x44,
      0x52,
    );
    expect(failureOf(png).code).toBe('lyrics-unreadable');
    expect(failureOf(new TextEncoder().encode('ID3\u0004\0\0\0lyrics')).code).toBe('lyrics-unreadable');
    expect(failureOf(Uint8Array.of()).message).toContain('no bytes');
    expect(failureOf(new Uint8Array(MAX_LYRICS_BYTES + 1).fill(0x61)).message).toContain(
      `${MAX_LYRICS_BYTES + 1}`,
    );
  });

  it('refuses bytes that no character set gives sense to', () => {
    const damaged = new TextEncoder().encode(JAPANESE);
    damaged[15] = 0xff;
    expect(failureOf(damaged).code).toBe('lyrics-unreadable');
    const unpaired = Uint8Array.of(0xff, 0xfe, 0x41, 0x00, 0x00, 0xd8, 0x41, 0x00);
    expect(failureOf(unpaired).message).toContain('UTF-16 LE');
  });
});
