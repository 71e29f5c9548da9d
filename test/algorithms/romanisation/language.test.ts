import { describe, expect, it } from 'vitest';
import {
  languageOfTag,
  languageRuns,
  lineLanguage,
  songLanguages,
} from '../../../src/algorithms/romanisation/language.ts';

describe('languageOfTag', () => {
  it.each([
    ['ja', 'ja'],
    ['ja-JP', 'ja'],
    ['ja_JP', 'ja'],
    ['jpn', 'ja'],
    ['ko-KR', 'ko'],
    ['zh', 'zh'],
    ['zh-CN', 'zh'],
    ['zh-TW', 'zh'],
    ['zh-Hans', 'zh'],
    ['zh-Hant', 'zh'],
    ['cmn', 'zh'],
    ['cmn-Hans-CN', 'zh'],
    ['yue', 'yue'],
    ['zh-yue', 'yue'],
    ['zh-HK', 'yue'],
    ['zh-Hant-HK', 'yue'],
    ['yue-Hant-HK', 'yue'],
    ['zh-MO', 'yue'],
    ['und', undefined],
    ['und-Hant', undefined],
    ['mul', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s', (tag, language) => {
    expect(languageOfTag(tag)).toBe(language);
  });

  it.each(['fr', 'en-US', 'vi', 'zh-min-nan', 'nan', 'not a tag'])('refuses %s', (tag) => {
    expect(() => languageOfTag(tag)).toThrow(expect.objectContaining({ code: 'language-unsupported' }));
  });
});

describe('songLanguages', () => {
  it.each([
    ['ja', ['夜空の星', '君に会いたい', '永遠']],
    ['ko', ['사랑해', 'oh baby', '너를 보내고']],
    ['zh', ['我爱你', '你却不知道', 'oh baby']],
    ['yue', ['我唔知點解', '佢嘅心', '愛你']],
    ['zh', ['最初の夢想', '我的心', '你知道吗']],
  ])('finds %s in %j', (language, lines) => {
    expect(songLanguages(lines, undefined).song).toBe(language);
  });

  it('refuses a song that is in none of the four', () => {
    expect(() => songLanguages(['hello', 'la la la', '…'], undefined)).toThrow(
      expect.objectContaining({ code: 'language-unsupported' }),
    );
  });

  it('lets the manifest say what the characters do not', () => {
    expect(songLanguages(['愛在深秋', '回憶'], 'yue').song).toBe('yue');
    expect(songLanguages(['hello'], 'ja').song).toBe('ja');
  });
});

describe('lineLanguage', () => {
  it('tells the lines of a mixed song apart', () => {
    const lines = ['君が好き', '永遠', '사랑해', '我爱你', 'I love you'];
    const song = songLanguages(lines, undefined);
    expect(lines.map((line) => lineLanguage(line, song))).toEqual(['ja', 'ja', 'ko', 'zh', undefined]);
  });

  const japanese = songLanguages(['夜空に光る', '君が好き', '忘れないよ', '永遠'], undefined);

  it.each([
    '不在',
    '一期一会',
    '百花繚乱',
    '有効期限',
    '刹那的',
    '魑魅魍魎',
    '目的の場所全部',
    '恋愛資本主義',
    '春夏秋冬',
    '東京',
  ])('takes %s for Japanese in a Japanese song', (line) => {
    expect(lineLanguage(line, japanese)).toBe('ja');
  });

  it.each(['你好', '漫长的路', '统率三军', '當時的月亮', '經過總會', '千年之后的秋天', '有什麼了不起'])(
    'takes %s for Chinese in a Japanese song',
    (line) => {
      expect(lineLanguage(line, japanese)).toBe('zh');
    },
  );

  it('leaves digits, punctuation and Latin lines in no language', () => {
    expect(['1, 2, 3!', '…♪', 'Oh baby', '(la la la)'].map((line) => lineLanguage(line, japanese))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['ko', ['Never let you go', 'Oh yeah', 'Say my name', '너를 사랑해', 'Tonight']],
    ['ja', ['Never let you go', 'Oh yeah', '夜を駆ける', 'Tonight']],
    ['zh', ['夜空中最亮的星', '我爱你', '君が好き', '愛してる', '你在哪里', '请回答']],
    ['ja', ['君が好き', '愛してる', '夜を駆ける', '我爱你', '你在哪里']],
    ['yue', ['我哋嘅歌', '我愛你', '你知道嗎', 'Oh yeah']],
  ])('finds %s in %j', (language, lines) => {
    expect(songLanguages(lines, undefined).song).toBe(language);
  });

  it('splits a line where Korean meets another language', () => {
    const song = songLanguages(['사랑해 愛してる forever'], undefined);
    expect(
      languageRuns('사랑해 愛してる forever', song).map(({ text, language }) => [text.trim(), language]),
    ).toEqual([
      ['사랑해', 'ko'],
      ['愛してる forever', 'ja'],
    ]);
  });
});
