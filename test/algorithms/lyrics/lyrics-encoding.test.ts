import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLyrics, MAX_LYRICS_BYTES } from '../../../src/algorithms/lyrics/lyrics-encoding.ts';
import { TrackFailure } from '../../../src/failures.ts';
import { encodeLegacy } from './legacy-encoder.ts';

const JAPANESE = '[00:01.00]夜空に光る星を見ていた\n[00:05.00]あの日の約束を覚えてる？\n';
const MANDARIN = '[00:01.00]夜空中最亮的星\n[00:05.00]我们说好不分离，一直到永远\n';
const TRADITIONAL = '[00:01.00]天空下著雨，我還在等你\n[00:05.00]說好不哭，你卻先走了\n';
const KOREAN = '[00:01.00]너를 사랑해 오늘도 내일도\n[00:05.00]그대와 함께 걷던 이 길을\n';

const JAPANESE_LINES = [
  '薄紅の桜が散る頃に',
  '嘘をついた唇',
  '窓辺で頬杖ついて',
  '眩しい朝',
  '傘を閉じた',
  'サヨナラさえ',
  '錆びた鍵を握り',
  '蒼い翼',
];
const MANDARIN_LINES = [
  '窗外的麻雀',
  '咖啡厅里',
  '谱一曲悲伤',
  '转角遇见熟悉的脸',
  '霓虹灯闪烁',
  '骑着单车',
  '拨开云雾',
  '屋檐如悬崖',
];
const TRADITIONAL_LINES = [
  '窗外的麻雀',
  '轉角遇見熟悉的臉',
  '譜一曲悲傷',
  '霓虹燈閃爍',
  '騎著單車',
  '撥開雲霧',
  '屋簷如懸崖',
  '擁抱著沉默',
];
const CANTONESE_LINES = [
  '唔好喊',
  '佢話我傻',
  '唔識得佢',
  '係咪好夜',
  '冇人知道',
  '我等到天光',
  '佢冇返來',
  '唔聽話',
];
const KOREAN_LINES = [
  '벚꽃 엔딩',
  '흩날리는 꽃잎',
  '쓸쓸한 뒷모습',
  '텅 빈 거리',
  '숨결이 닿을 때',
  '괜찮아 괜찮아',
  '촉촉한 새벽',
  '햇살 머금은 창',
];

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

  it('reads Big5 with the supplement of Hong Kong', () => {
    // 我哋冇嘢 in Big5-HKSCS: 哋 is 925D and 嘢 9DCF, which Big5 itself leaves open.
    const bytes = Uint8Array.of(0xa7, 0xda, 0x92, 0x5d, 0xc9, 0x4e, 0x9d, 0xcf);
    expect(decodeLyrics(bytes, 'yue')).toBe('我哋冇嘢');
  });

  it('reads ISO-2022-JP', () => {
    // 愛 as JIS X 0208 has it, between escapes.
    const bytes = Uint8Array.of(0x5b, 0x30, 0x3a, 0x30, 0x5d, 0x1b, 0x24, 0x42, 0x30, 0x26, 0x1b, 0x28, 0x42);
    expect(decodeLyrics(bytes)).toBe('[0:0]愛');
  });

  it.each(['utf-8', 'utf-16le', 'gb18030'])('leaves out zero bytes after a text in %s', (encoding) => {
    const bytes =
      encoding === 'utf-8'
        ? new TextEncoder().encode(MANDARIN)
        : encoding === 'gb18030'
          ? encodeLegacy(MANDARIN, encoding)
          : utf16(MANDARIN, 'le', true);
    for (const padding of [1, 2, 3, 64]) {
      if (encoding === 'utf-16le' && padding % 2 === 1) continue;
      expect(decodeLyrics(Uint8Array.of(...bytes, ...new Uint8Array(padding)))).toBe(MANDARIN);
    }
  });

  describe.each([
    ['ja', 'shift_jis', JAPANESE_LINES],
    ['ja', 'gb18030', JAPANESE_LINES],
    ['zh', 'gb18030', MANDARIN_LINES],
    ['zh', 'gb18030', TRADITIONAL_LINES],
    ['zh', 'big5', TRADITIONAL_LINES],
    ['yue', 'big5', CANTONESE_LINES],
    ['ko', 'euc-kr', KOREAN_LINES],
  ] as const)('%s in %s', (language, encoding, lines) => {
    it('is read back from two lines on, with the language or without', () => {
      fc.assert(
        fc.property(fc.shuffledSubarray([...lines], { minLength: 2 }), (song) => {
          const text = song.map((line, index) => `[00:${10 + index}.00]${line}`).join('\r\n');
          const bytes = encodeLegacy(text, encoding);
          expect(decodeLyrics(bytes)).toBe(text);
          // Japanese in GB 18030 is what Chinese sites have; who tags it is taken at his word sooner.
          if (encoding !== 'gb18030' || song.length > 4) expect(decodeLyrics(bytes, language)).toBe(text);
        }),
      );
    });
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
