import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StepCounter } from './step-counter.ts';
import { numRuns } from '../../property-settings.ts';

const counter = new StepCounter();
afterAll(() => counter.close());

const { repeatedBlocks } = await import('../../../src/algorithms/chorus/lyric-blocks.ts');
const { timedLines } = await import('../../../src/algorithms/chorus/lyric-lines.ts');
const { parseLrc } = await import('../../../src/algorithms/lyrics/lrc.ts');
const { decodeLyrics } = await import('../../../src/algorithms/lyrics/lyrics-encoding.ts');
const { refuseOtherFormats } = await import('../../../src/algorithms/lyrics/other-formats.ts');
const { inlineTranslations } = await import('../../../src/algorithms/romanisation/inline-translations.ts');
const { romanisation } = await import('../../../src/algorithms/romanisation/romanisation.ts');
const { isNote } = await import('../../../src/algorithms/romanisation/unsung-lines.ts');

/** Twice the input may take twice the steps, and a little for lists that are sorted; its square would take four times. */
const MAX_GROWTH = 2.2;

/** From the bytes of a file to what each algorithm over lyrics makes of it. */
async function readFile(lyrics: string, language: string | undefined): Promise<void> {
  const bytes = new TextEncoder().encode(lyrics);
  timedLines(bytes, language);
  await romanisation.run({ bytes, language, signal: new AbortController().signal });
}

async function growth(size: number, run: (size: number) => unknown): Promise<number> {
  const [steps, twice] = [await counter.count(() => run(size)), await counter.count(() => run(2 * size))];
  return Number.isFinite(twice) ? twice / steps : twice;
}

/** A text of `length` characters, or a few more, that repeats its middle. */
function pumped(length: number, middle: string, before = '', after = ''): string {
  return before + middle.repeat(Math.ceil(length / middle.length)) + after;
}

/** What files are made of, and what patterns look for. */
const PIECES = [
  ' |\t|　|\n|\r\n|\u2028| / |\u0323\u0301|[|]|<|>|:|(|)|（|）|/|、|〜|…|!|a|[00:01.00]|[1:02:03]|[0:0]|<00:01.20>',
  '[a|[ti:夜]|[offset|offset|-->|[1,|{"|夜空の星 / 夜空的星\n|歌|作词|music|by|漢|漢(あ)|宇宙《そら》|あ|ー|ぁ|ゔ|ゝ|々|ｶﾞ|っ|ア|ィ',
  'ン|ヴ|一|万|何|人|日|の方が|貴女|有難う|辿り着いた|我|不|的|唔|가|읽|ㅋ|😀|𠮷',
].flatMap((pieces) => pieces.split('|'));

const LINE = '君を忘れない\n';

beforeAll(async () => {
  // Dictionaries are loaded, and tables made, when they are first needed.
  const everything = `${LINE}我爱你说\n唔係佢\n사랑해 ㅋ\nすごーく漢(かん)人々ｶﾞゝ二十一日有難う\n`;
  for (const language of ['ja', 'zh', 'yue', 'ko']) await readFile(everything, language);
});

describe('the steps of recognition grow no faster than the text', () => {
  it.each([
    ['blanks in an open tag', (n: number) => pumped(n, ' ', '[a')],
    ['an open tag of letters', (n: number) => pumped(n, 'b', '[a')],
    ['brackets that close a tag', (n: number) => pumped(n, '] ', '[a:', 'x')],
    ['blanks in an offset', (n: number) => pumped(n, ' ', 'offset\n[offset')],
    ['lines with blanks in open tags', (n: number) => pumped(n, `[a${' '.repeat(200)}\n`)],
    ['blanks behind a stamp', (n: number) => pumped(n, ' ', '[00:01.00]', 'x')],
    ['stamps', (n: number) => pumped(n, '[0:0]')],
    ['word stamps that do not close', (n: number) => pumped(n, '<1:1 ', 'x')],
    ['brackets that open', (n: number) => pumped(n, '[ ', '[00:01:61x\n')],
    ['a JSON credit that does not end', (n: number) => pumped(n, ']}', '{"t":0,"c":[', 'x')],
  ])('%s', async (_, text) => {
    expect(await growth(2000, (n) => parseLrc(text(n)))).toBeLessThan(MAX_GROWTH);
  });

  it.each([
    ['blank lines behind what begins like word-timed lyrics', (n: number) => pumped(n, '\n', '[1,x\n')],
    ['blank lines ahead of it', (n: number) => pumped(n, '\n', '', '[1,x')],
    ['blank lines behind an arrow', (n: number) => pumped(n, '\n', '-->')],
    ['blanks ahead of a bracket', (n: number) => pumped(n, ' ', '', '<')],
    ['a JSON name that does not end', (n: number) => pumped(n, 'a', '{"')],
    ['times of captions', (n: number) => pumped(n, '00:00.000 ', '-->')],
  ])('%s', async (_, text) => {
    expect(await growth(2000, (n) => refuseOtherFormats(text(n)))).toBeLessThan(MAX_GROWTH);
  });

  it.each([
    ['NULs behind a byte order mark', (n: number) => Buffer.from(pumped(n, '\0', '\ufeff', 'x'), 'utf16le')],
    ['NULs at the end', (n: number) => Buffer.from(pumped(n, '\0', 'x'))],
    ['NULs between characters', (n: number) => Buffer.from(pumped(n, '愛\0x\0', 'x'))],
    ['no character set', (n: number) => Buffer.from(pumped(n, '\xff\x81'), 'latin1')],
    ['an old character set', (n: number) => Buffer.from(pumped(n, '\x88\xa4'), 'latin1')],
  ])('%s', async (_, bytes) => {
    expect(await growth(2000, (n) => decodeLyrics(bytes(n)))).toBeLessThan(MAX_GROWTH);
  });

  it.each([
    ['blanks in a credit', (n: number) => pumped(n, ' ', '歌', '!:')],
    ['words in a credit', (n: number) => pumped(n, ' a', 'music', '!:')],
    ['words in brackets', (n: number) => pumped(n, 'a  ', '词(', '!:')],
    ['roles', (n: number) => pumped(n, '歌曲', '', '!:')],
  ])('%s', async (_, text) => {
    expect(await growth(1000, (n) => isNote(text(n)))).toBeLessThan(MAX_GROWTH);
  });

  it.each([
    ['slashes', (n: number) => pumped(n, 'あ / ', '', '\u2028')],
    ['brackets', (n: number) => pumped(n, '(', 'あ', ')')],
    ['blanks ahead of a slash', (n: number) => pumped(n, ' ', 'あ', '/')],
  ])('%s', async (_, text) => {
    expect(await growth(1000, (n) => inlineTranslations(['あ', 'い', 'う', text(n)]))).toBeLessThan(
      MAX_GROWTH,
    );
  });
});

describe('the steps from the bytes of a file to a row grow no faster than the file', () => {
  it.each([
    ['ja', 'kanji without furigana', '漢'],
    ['ja', 'furigana', '漢(あ)'],
    ['ja', 'kanji of two units with furigana', '𠮷(あ)'],
    ['ja', 'an unknown word', 'ア'],
    ['ja', 'a run of symbols', '〜'],
    ['ja', 'emoji', '😀'],
    ['ja', 'vowels that are drawn out', 'すごーく'],
    ['ja', 'a vowel that is drawn out over and over', 'ゔー'],
    ['ja', 'long vowels', 'アー'],
    ['ja', 'small vowels', 'ィ'],
    ['ja', 'marks that repeat kanji', '花々'],
    ['ja', 'marks that repeat kana', 'かゞ'],
    ['ja', 'compounds', '誤射'],
    ['ja', 'words of the lexicon', '貴女'],
    ['ja', 'words in another spelling', '有難う'],
    ['ja', 'a rule that looks at the whole line', '君の方が'],
    ['ja', 'sentences', '。'],
    ['ja', 'numbers', '一'],
    ['ja', 'half-width kana', 'ｶﾞ'],
    ['ja', 'runs in two languages', 'あ가'],
    ['zh', 'one character', '不'],
    ['zh', 'words', '我爱你 '],
    ['yue', 'words', '我唔知'],
    ['ko', 'a word', '꽃'],
    ['ko', 'letters on their own', 'ㅋ'],
  ])('%s: %s', async (language, _, middle) => {
    const before = `${LINE}[00:01.00]${language === 'ja' ? 'あ' : ''}`;
    expect(await growth(980, (n) => readFile(pumped(n, middle, before), language))).toBeLessThan(MAX_GROWTH);
  });

  it('word stamps ahead of many blanks', async () => {
    const stamps = (n: number): string => pumped(n, '<0:1>', '[00:01.00]あ', `${' '.repeat(n)}い`);
    expect(await growth(900, (n) => readFile(stamps(n), 'ja'))).toBeLessThan(MAX_GROWTH);
  });

  it('whatever a file repeats', async () => {
    const piece = fc.constantFrom(...PIECES);
    const pieces = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
      fc.array(piece, { minLength, maxLength }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(
        pieces(0, 2),
        pieces(1, 3),
        pieces(0, 2),
        fc.constantFrom('', '\n'),
        fc.constantFrom('ja', 'zh', 'yue', 'ko', undefined),
        async (before, middle, after, between, language) => {
          const text = (n: number): string => pumped(n, middle + between, LINE.repeat(3) + before, after);
          expect(await growth(700, (n) => readFile(text(n), language))).toBeLessThan(MAX_GROWTH);
        },
      ),
      { numRuns: numRuns(60) },
    );
  });

  it('the comparison of each line with each has an end', async () => {
    const sheet = (count: number, text: string): Parameters<typeof repeatedBlocks>[0] =>
      Array.from({ length: count }, (_, start) => ({ start, end: start + 1, text }));
    expect(await counter.count(() => repeatedBlocks(sheet(400, 'la la la')))).toBeLessThan(10_000_000);
    expect(repeatedBlocks(sheet(1001, 'la la la'))).toEqual([]);
    expect(repeatedBlocks(sheet(600, 'la '.repeat(60)))).toEqual([]);
  });
});

describe('steps', () => {
  it('are counted as a backtracking matcher takes them', async () => {
    const { CountedRegExp } = await import('./counted-regexp.ts');
    const steps = (pattern: RegExp, text: string): number => new CountedRegExp(pattern).search(text, 0).steps;
    const blanks = (n: number): string => `${' '.repeat(n)}x`;
    expect(steps(/\s+$/, blanks(800)) / steps(/\s+$/, blanks(400))).toBeGreaterThan(3.5);
    expect(steps(/^(?:a|a)+b/, 'a'.repeat(40))).toBe(Number.POSITIVE_INFINITY);
    expect(steps(/^\s+x/, blanks(800)) / steps(/^\s+x/, blanks(400))).toBeLessThan(2.01);
  });
});
