import { describe, expect, it } from 'vitest';
import { romanisation } from '../../../src/algorithms/romanisation/romanisation.ts';
import type { JsonRow } from '../../../src/results/columns.ts';

async function run(lyrics: string, language?: string): Promise<JsonRow> {
  const bytes = new TextEncoder().encode(lyrics);
  return romanisation.present(
    await romanisation.run({ bytes, language, signal: new AbortController().signal }),
  );
}

/** Lines one a second, some of them at the same second. */
const timed = (groups: readonly (readonly string[])[]): string =>
  groups.flatMap((group, second) => group.map((text) => `[00:${String(second + 10)}.00]${text}`)).join('\n');

const romanised = (row: JsonRow): string[] =>
  (row['lines'] as { romanised: string }[]).map((line) => line.romanised);

describe('credits', () => {
  it.each([
    '作词 : 方文山',
    '作曲：周杰倫',
    '编曲: 某人',
    '詞曲：李宗盛',
    '制作人 Producer：某人',
    '和声编写 : 某人',
    '录音师：某人',
    '录音师 ( Recording Engineer ) ：某人',
    'Mixing  Engineer : 某人',
    '词 / 曲：某人',
    '作词　Lyrics by :某人',
    '작사: 누구',
    'Lyrics by：某人',
    '纯音乐，请欣赏',
  ])('%s is not sung and stays as it is', async (credit) => {
    const row = await run(`[00:00.00]${credit}\n[00:05.00]사랑해\n[00:08.00]영원히`);
    expect(row['language']).toBe('ko');
    expect(romanised(row)).toEqual([credit, 'saranghae', 'yeongwonhi']);
  });

  it.each([
    ['男：我爱你', 'nán: wǒ ài nǐ'],
    ['词不达意', 'cí bù dá yì'],
    ['曲终人散', 'qǔ zhōng rén sàn'],
    ['歌！：我', 'gē!: wǒ'],
  ])('%s is sung', async (line, latin) => {
    expect(romanised(await run(line, 'zh'))).toEqual([latin]);
  });

  it('are no lyrics by themselves', async () => {
    await expect(run('[00:00.00] 作词 : 某人\n[00:01.00]纯音乐，请欣赏', 'zh')).rejects.toMatchObject({
      code: 'lyrics-unreadable',
    });
  });
});

describe('translations', () => {
  const songs = [
    ['君を忘れない', '我不会忘记你'],
    ['夜空を見た', '看见夜空'],
    ['会いたいよ', '想见你'],
    ['夜空の星', '夜空的星'],
  ];
  const chinese = songs.map(([, text]) => text);

  it('under each line stay as they are, whichever comes first', async () => {
    const [under, above] = [
      await run(timed(songs)),
      await run(timed(songs.map(([a = '', b = '']) => [b, a]))),
    ];
    expect(under['language']).toBe('ja');
    expect(above['language']).toBe('ja');
    expect(romanised(under).filter((_, i) => i % 2 === 1)).toEqual(chinese);
    expect(romanised(above).filter((_, i) => i % 2 === 0)).toEqual(chinese);
  });

  it('in Korean under Japanese stay as they are', async () => {
    const row = await run(timed(songs.slice(0, 3).map(([ja = '']) => [ja, '한국어'])), 'und');
    expect(row['language']).toBe('ja');
    expect(romanised(row).filter((line) => line === '한국어')).toHaveLength(3);
  });

  it('of an English song leave nothing to romanise', async () => {
    const english = ['I miss you', 'Say you love me', 'Stay with me'].map((line) => [line, '我的爱人']);
    await expect(run(timed(english))).rejects.toMatchObject({ code: 'language-unsupported' });
  });

  it('under a Chinese song, in Japanese, stay as they are when the song is declared', async () => {
    const row = await run(timed(songs.slice(0, 3).map(([ja = '', zh = '']) => [zh, ja])), 'zh');
    expect(romanised(row)[0]).toBe('wǒ bù huì wàng jì nǐ');
    expect(romanised(row)[1]).toBe('君を忘れない');
  });

  it('leave a second voice in the same second romanised', async () => {
    const row = await run(timed([['永遠'], ['ずっと'], ['永遠', 'ずっと'], ['忘れないよ']]));
    expect(romanised(row)).toEqual(['eien', 'zutto', 'eien', 'zutto', 'wasurenai yo']);
  });

  it.each([
    ['君を忘れない / 我不会忘记你', 'kimi o wasurenai / 我不会忘记你'],
    ['夜空を見た（看见夜空）', 'yozora o mita （看见夜空）'],
    ['夜空の星 / 夜空的星', 'yozora no hoshi / 夜空的星'],
    ['会いたいよ 【想见你】', 'aitai yo 【想见你】'],
  ])('within a line stay as they are: %s', async (line, expected) => {
    const row = await run(
      [line, '君を忘れない / 我不会忘记你', '夜空を見た / 看见夜空', '会いたい / 想见'].join('\n'),
    );
    expect(romanised(row)[0]).toBe(expected);
  });

  it('are not seen in a file whose stamps are all zero', async () => {
    const lines = ['君を待つ', '永遠', '忘れないよ', '運命', '夜空'];
    const row = await run(lines.map((line) => `[00:00.00]${line}`).join('\n'));
    expect(romanised(row)).toEqual(['kimi o matsu', 'eien', 'wasurenai yo', 'unmei', 'yozora']);
  });

  it.each([
    ['会いたい / 星 / 想见你', 'aitai / hoshi / 想见你'],
    ['会いたい(夜) / 想见你', 'aitai (yoru) / 想见你'],
    ['会いたい ()', 'aitai ()'],
    ['会いたい / ', 'aitai /'],
  ])('within a line begin at the last slash between blanks: %s', async (line, expected) => {
    const row = await run(
      [line, '君を忘れない / 我不会忘记你', '夜空を見た / 看见夜空', '永遠に / 永远'].join('\n'),
    );
    expect(romanised(row)[0]).toBe(expected);
  });

  it('are not seen in one bracket', async () => {
    expect(romanised(await run('君を待つ（永遠）\n忘れないよ\n会いたいよ'))[0]).toBe('kimi o matsu (eien)');
  });
});

describe('lyrics in another form', () => {
  it.each([
    ['KRC', '[171960,5040]<0,240,0>我<240,300,0>爱<540,200,0>你'],
    ['QRC', '[0,1500]我(0,300)爱(300,200)你(500,1000)'],
    ['XML', '<?xml version="1.0" encoding="utf-8"?>\n<QrcInfos>我爱你</QrcInfos>'],
    ['SRT', '1\n00:00:01,000 --> 00:00:04,000\n我爱你\n'],
    ['JSON', '{"code":200,"lrc":{"lyric":"[00:01.00]我爱你"}}'],
  ])('fail by name: %s', async (name, lyrics) => {
    await expect(run(lyrics, 'zh')).rejects.toMatchObject({
      code: 'lyrics-unreadable',
      message: expect.stringContaining(name) as string,
    });
  });
});
