import { describe, expect, it } from 'vitest';
import { romanisation } from '../../../src/algorithms/romanisation/romanisation.ts';
import type { JsonRow } from '../../../src/results/columns.ts';
import { encodeLegacy } from '../lyrics/legacy-encoder.ts';

async function run(lyrics: string | Uint8Array, language?: string): Promise<JsonRow> {
  const bytes = typeof lyrics === 'string' ? new TextEncoder().encode(lyrics) : lyrics;
  const row = await romanisation.run({ bytes, language, signal: new AbortController().signal });
  expect(Object.keys(row)).toEqual(romanisation.columns.map(({ name }) => name));
  return romanisation.present(row);
}

const romanised = (row: JsonRow) => (row['lines'] as { romanised: string }[]).map((line) => line.romanised);

describe('romanisation', () => {
  it('gives a song its lines in order of time, and the file again', async () => {
    const song = [
      '[ti:夏の歌]',
      '[offset:+500]',
      '',
      '[00:10.00][01:10.00]夜空を見上げて',
      '[00:15.50]二人で歩いた',
      '[00:20]',
    ].join('\r\n');
    expect(await run(song, 'ja')).toEqual({
      language: 'ja',
      system: 'hepburn',
      lines: [
        { time_s: 9.5, text: '夜空を見上げて', romanised: 'yozora o miagete' },
        { time_s: 15, text: '二人で歩いた', romanised: 'futari de aruita' },
        { time_s: 19.5, text: '', romanised: '' },
        { time_s: 69.5, text: '夜空を見上げて', romanised: 'yozora o miagete' },
      ],
      lrc: [
        '[ti:夏の歌]',
        '[offset:+500]',
        '',
        '[00:10.00][01:10.00]yozora o miagete',
        '[00:15.50]futari de aruita',
        '[00:20]',
        '',
      ].join('\n'),
    });
  });

  it('gives plain text lines without times', async () => {
    expect(await run('너를 사랑해\n\n영원히', 'ko-KR')).toEqual({
      language: 'ko',
      system: 'rr',
      lines: [
        { time_s: null, text: '너를 사랑해', romanised: 'neoreul saranghae' },
        { time_s: null, text: '영원히', romanised: 'yeongwonhi' },
      ],
      lrc: 'neoreul saranghae\n\nyeongwonhi\n',
    });
  });

  it('keeps word stamps before the words that begin there', async () => {
    const { lines, lrc } = await run('[00:01.00]<00:01.00>我<00:01.50>爱<00:02.00>你<00:03.00>', 'zh-CN');
    expect(lines).toEqual([{ time_s: 1, text: '我爱你', romanised: 'wǒ ài nǐ' }]);
    expect(lrc).toBe('[00:01.00]<00:01.00>wǒ <00:01.50>ài <00:02.00>nǐ<00:03.00>\n');
  });

  it('drops a word stamp that falls inside a word', async () => {
    const { lrc } = await run('[00:01.00]<00:01.00>二<00:01.20>人<00:01.50>の<00:01.80>夜<00:02.50>', 'ja');
    expect(lrc).toBe('[00:01.00]<00:01.00>futari <00:01.50>no <00:01.80>yoru<00:02.50>\n');
  });

  it('romanises each line of a mixed song in its own language', async () => {
    const row = await run('君が好き\n永遠\n사랑해\n我爱你们\nI love you, baby', 'und');
    expect(row).toMatchObject({ language: 'ja', system: 'hepburn' });
    expect(romanised(row)).toEqual(['kimi ga suki', 'eien', 'saranghae', 'wǒ ài nǐ men', 'I love you, baby']);
  });

  it('passes a song in Latin letters through where its language is declared', async () => {
    const row = await run('kimi o wasurenai\nOh baby', 'ja');
    expect(row).toMatchObject({ language: 'ja', system: 'hepburn' });
    expect(romanised(row)).toEqual(['kimi o wasurenai', 'Oh baby']);
  });

  it('leaves a translation under the same stamp as it is', async () => {
    const row = await run('[00:01.00]君を忘れない\n[00:01.00]我不会忘记你\n[00:05.00]永遠に\n[00:05.00]永远');
    expect(row['language']).toBe('ja');
    expect(romanised(row)).toEqual(['kimi o wasurenai', '我不会忘记你', 'eien ni', '永远']);
  });

  it('keeps lines that come twice', async () => {
    expect(romanised(await run('[00:01.00]愛\n[00:01.00]愛\n[00:09.00]愛', 'yue'))).toEqual([
      'oi3',
      'oi3',
      'oi3',
    ]);
  });

  it.each([
    ['ja', 'shift_jis', '私は君が好きだった', 'watashi wa kimi ga suki datta'],
    ['zh', 'gb18030', '我一直在这里等你', 'wǒ yī zhí zài zhè lǐ děng nǐ'],
    ['yue', 'big5', '我唔知你去邊度', 'ngo5 m4 zi1 nei5 heoi3 bin1 dou6'],
    ['ko', 'euc-kr', '오늘도 너를 사랑해', 'oneuldo neoreul saranghae'],
  ])('reads %s lyrics in %s', async (language, encoding, text, latin) => {
    const row = await run(encodeLegacy(`[00:01.00]${text}\n`, encoding), language);
    expect(row['lines']).toEqual([{ time_s: 1, text, romanised: latin }]);
  });

  it('gives the same row whatever ran before it', async () => {
    const before = await run('君を愛してる 一人', 'ja');
    await run('我爱你', 'zh');
    expect(await run('君を愛してる 一人', 'ja')).toEqual(before);
  });

  it.each([
    ['nothing', '', 'lyrics-unreadable'],
    ['a byte order mark alone', '\ufeff', 'lyrics-unreadable'],
    ['blank lines', '\n \n\t\n', 'lyrics-unreadable'],
    ['tags alone', '[ti:夜]\n[ar:誰か]\n[00:00.00]\n', 'lyrics-unreadable'],
    ['a binary file', 'ID3\u0003\0\0\0\0\u000f', 'lyrics-unreadable'],
    ['an endless line', '愛'.repeat(5000), 'lyrics-unreadable'],
    ['an endless line of nothing but credits', `歌${' '.repeat(5000)}:`, 'lyrics-unreadable'],
    ['no word in the four languages', 'hello\nla la la', 'language-unsupported'],
  ])('fails on %s', async (_, lyrics, code) => {
    await expect(run(lyrics)).rejects.toMatchObject({ name: 'TrackFailure', code });
  });

  it.each([
    ['100,000 times of one line', 100_000, 1990, /100000 lines.* at most 20000/],
    ['5,000 times of a long line', 5000, 1990, /9950000 characters.* at most 1048576/],
    ['20,001 times of a word', 20_001, 1, /20001 lines.* at most 20000/],
  ])(
    'fails on %s, which would make a row many times the size of its file',
    async (_, times, length, message) => {
      const lyrics = `${'[00:01.00]'.repeat(times)}${'愛'.repeat(length)}\n`;
      await expect(run(lyrics, 'ja')).rejects.toMatchObject({
        code: 'lyrics-unreadable',
        message: expect.stringMatching(message) as string,
      });
    },
  );

  it('reads a line as often as it may be sung, and as many lines as a long recording has', async () => {
    const { lines } = await run(`${'[00:01.00]'.repeat(500)}${'愛'.repeat(2000)}`, 'zh');
    expect(lines).toHaveLength(500);
    const row = await run('[00:01.00]사랑\n'.repeat(20_000), 'ko');
    expect(row['lines']).toHaveLength(20_000);
  });

  it('fails on a language that is not romanised, whatever the text', async () => {
    await expect(run('君が好き', 'fr')).rejects.toMatchObject({ code: 'language-unsupported' });
  });

  it('stops when it is told to', async () => {
    const aborted = AbortSignal.abort(new Error('shut down'));
    const bytes = new TextEncoder().encode('사랑해');
    await expect(async () => romanisation.run({ bytes, language: 'ko', signal: aborted })).rejects.toThrow(
      'shut down',
    );
  });
});
