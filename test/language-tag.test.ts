import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { languageOfTag } from '../src/algorithms/romanisation/language.ts';
import { languageTag } from '../src/language-tag.ts';
import { RowRules } from '../src/manifest/accept-row.ts';
import { backfill } from './end-to-end/backfill.ts';

const TAGS: readonly (readonly [text: string, tag: string])[] = [
  ['ja', 'ja'],
  ['JA', 'ja'],
  [' ja ', 'ja'],
  ['zh_CN', 'zh-CN'],
  ['zh-hans-cn', 'zh-Hans-CN'],
  ['ZH_HANT_hk', 'zh-Hant-HK'],
  ['zh-yue', 'zh-yue'],
  ['cmn-hk', 'cmn-HK'],
  ['es-419', 'es-419'],
  ['de-1996', 'de-1996'],
  ['en-u-ca-gregory', 'en-u-ca-gregory'],
  ['x-Our-Own', 'x-our-own'],
  ['i-klingon', 'i-klingon'],
  ['zh-min-nan', 'zh-min-nan'],
  ['und', 'und'],
];
const NONSENSE = [
  'j',
  '12',
  'ja-',
  '-ja',
  'ja--JP',
  'en-USA',
  'zh_CN.UTF-8',
  'C',
  'x',
  '日本語',
  'not a tag',
  'ja,ko',
];

test.each(TAGS)('%j is %s', (text, tag) => {
  expect(languageTag(text)).toBe(tag);
});

test.each(NONSENSE)('%j is no tag', (text) => {
  expect(languageTag(text)).toBeUndefined();
});

describe('is read alike everywhere', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backfill-language-'));
    await writeFile(join(folder, 'song.lrc'), '[00:01.00]我們的紙飛機\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const rules = new RowRules(['track_id', 'audio_uri', 'language']);

  test.each(TAGS)('in manifests: %j', (text, language) => {
    expect(rules.judge(['a', 'a.mp3', text])).toMatchObject({ kind: 'track', track: { language } });
  });

  test.each(NONSENSE)('refused in manifests, and by the algorithm: %j', (text) => {
    expect(rules.judge(['a', 'a.mp3', text])).toMatchObject({
      kind: 'rejected',
      reason: `language is '${text}': a BCP 47 tag such as ja or zh-HK is expected`,
    });
    expect(() => languageOfTag(text)).toThrow(`"${text}" is no BCP 47 language tag`);
  });

  test('on the command line: zh_CN', async () => {
    const line = ['try', 'romanisation', 'song.lrc', '--json', '--language', 'zh_CN'];
    const { code, stdout, stderr } = await backfill(line, { cwd: folder });
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ language: 'zh' });
  });

  test('refused on the command line: zh_CN.UTF-8', async () => {
    const { code, stderr } = await backfill(
      ['try', 'romanisation', 'song.lrc', '--language', 'zh_CN.UTF-8'],
      {
        cwd: folder,
      },
    );
    expect(code).toBe(2);
    expect(stderr).toContain(
      "argument 'zh_CN.UTF-8' is invalid: a BCP 47 tag such as ja or zh-HK is expected\n",
    );
  });
});
