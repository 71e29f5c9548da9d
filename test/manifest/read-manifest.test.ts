import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowRules } from '../../src/manifest/accept-row.ts';
import { csvRecord, parseCsv } from '../../src/manifest/csv.ts';
import { PLAIN } from '../../src/manifest/plain-rows.ts';
import { type ManifestRow, openManifest } from '../../src/manifest/read-manifest.ts';
import { readRows } from './manifest-rows.ts';
import { numRuns } from '../property-settings.ts';

/** Reads a manifest that comes in chunks of `chunkBytes`. */
async function read(
  content: string | Uint8Array,
  chunkBytes = 1 << 20,
): Promise<{ header: readonly string[]; rows: ManifestRow[]; digest: string }> {
  const bytes = Buffer.from(content as string);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const reader = await openManifest({ name: 'm.csv', chunks: Readable.from(chunks) });
  const rows = await readRows(reader);
  return { header: reader.header, rows, digest: reader.digest() };
}

/** Rows in short: line and id, or line and reason. */
function brief(rows: readonly ManifestRow[]): readonly (readonly [number, string])[] {
  return rows.map((row) => [row.line, row.kind === 'accepted' ? row.track.trackId : `! ${row.reason}`]);
}

test('columns come in any order, and others are carried along', async () => {
  const { header, rows } = await read(
    'title, language ,audio_uri,track_id,lyrics_uri,duration_s,__proto__\n"Ode, an",ja,a.mp3,t1,a.lrc,61.5,x\n,,b.mp3,t2,,,\n',
  );
  expect(header).toEqual([
    'title',
    'language',
    'audio_uri',
    'track_id',
    'lyrics_uri',
    'duration_s',
    '__proto__',
  ]);
  expect(rows).toEqual([
    {
      kind: 'accepted',
      line: 2,
      track: {
        trackId: 't1',
        audioUri: 'a.mp3',
        durationSeconds: 61.5,
        lyricsUri: 'a.lrc',
        language: 'ja',
        extra: Object.fromEntries([
          ['title', 'Ode, an'],
          ['__proto__', 'x'],
        ]),
      },
    },
    {
      kind: 'accepted',
      line: 3,
      track: {
        trackId: 't2',
        audioUri: 'b.mp3',
        durationSeconds: undefined,
        lyricsUri: undefined,
        language: undefined,
        extra: Object.fromEntries([
          ['title', ''],
          ['__proto__', ''],
        ]),
      },
    },
  ]);
});

test('byte order mark, CRLF, blank lines and a missing last line break are nothing special', async () => {
  const { rows } = await read('\uFEFFtrack_id,audio_uri\r\n\r\na,a.mp3\r\n"b","b.mp3"\r\n\n\nc,c.mp3');
  expect(brief(rows)).toEqual([
    [3, 'a'],
    [4, 'b'],
    [7, 'c'],
  ]);
});

test('a file that others were joined to has their headers rejected, and what a byte order mark would spoil', async () => {
  const again = 'is the header once more: files were joined here';
  const joined = [
    'track_id,audio_uri',
    'a,a.mp3',
    'track_id,audio_uri',
    '\uFEFFtrack_id,audio_uri',
    ' track_id ,"audio_uri"',
    'b,b.mp3',
    '\uFEFFc,c.mp3',
    'd,\uFEFFd.mp3',
    // Odd, but nobody's header.
    'track_id,track.mp3',
    'track_id,again.mp3',
  ];
  expect(brief((await read(`${joined.join('\n')}\n`)).rows)).toEqual([
    [2, 'a'],
    [3, `! ${again}`],
    [4, `! ${again}`],
    [5, `! ${again}`],
    [6, 'b'],
    [7, '! track_id begins with a byte order mark: files were joined here'],
    [8, "! audio_uri '\uFEFFd.mp3' begins with a byte order mark: files were joined here"],
    [9, 'track_id'],
    [10, '! track_id repeats that of an earlier row'],
  ]);
});

test('each bad row is rejected for its own reason, with its line, and no other is', async () => {
  const long = 'x'.repeat(257);
  const lines = [
    'track_id,audio_uri,duration_s,language,lyrics_uri',
    'good1,a.mp3,1,ja,',
    ',a.mp3,1,ja,',
    'noaudio,,1,ja,',
    'good1,b.mp3,1,ja,',
    'minus,a.mp3,-3,ja,',
    'word,a.mp3,three,ja,',
    'zero,a.mp3,0,ja,',
    'hex,a.mp3,0x10,ja,',
    'huge,a.mp3,1e999,ja,',
    'few,a.mp3,1,ja',
    'many,a.mp3,1,ja,,',
    `${long},a.mp3,1,ja,`,
    'bell\u0007,a.mp3,1,ja,',
    'http,http://localhost/a.mp3,1,ja,',
    'lyrics,a.mp3,1,ja,s3://my_bucket/a.lrc',
    'locale,a.mp3,1,zh_HK.UTF-8,',
    'quote,a"b.mp3,1,ja,',
    'after,"a"b.mp3,1,ja,',
    'nul,a\0.mp3,1,ja,',
    'good2,a.mp3, 12.5e1 ,zh-Hant-HK,',
  ];
  const { rows } = await read(`${lines.join('\n')}\n`);
  const scheme = 'has a scheme that is not read: use a path, file:// or s3://';
  const positive = 'a positive number of seconds is expected';
  expect(brief(rows)).toEqual([
    [2, 'good1'],
    [3, '! track_id is missing'],
    [4, '! audio_uri is missing'],
    [5, '! track_id repeats that of an earlier row'],
    [6, `! duration_s is '-3': ${positive}`],
    [7, `! duration_s is 'three': ${positive}`],
    [8, `! duration_s is '0': ${positive}`],
    [9, `! duration_s is '0x10': ${positive}`],
    [10, `! duration_s is '1e999': ${positive}`],
    [11, '! has 4 fields where the header has 5'],
    [12, '! has 6 fields where the header has 5'],
    [13, '! track_id is 257 bytes long: at most 256 are allowed'],
    [14, '! track_id holds a control character'],
    [15, `! audio_uri 'http://localhost/a.mp3' ${scheme}`],
    [
      16,
      "! lyrics_uri 's3://my_bucket/a.lrc' names the bucket 'my_bucket', which is no name of an S3 bucket",
    ],
    [17, "! language is 'zh_HK.UTF-8': a BCP 47 tag such as ja or zh-HK is expected"],
    [18, '! has a quote inside a field that does not start with one'],
    [19, '! has text after a closing quote'],
    [20, "! audio_uri 'a\0.mp3' holds a control character"],
    [21, 'good2'],
  ]);
  expect(
    rows.map((row) => (row.kind === 'rejected' ? row.raw : undefined)).filter((raw) => raw !== undefined),
  ).toEqual(lines.slice(2, 20));
});

test('an id is at most 256 bytes of UTF-8, however many characters', async () => {
  const { rows } = await read(`track_id,audio_uri\n${'é'.repeat(128)},a\n${'é'.repeat(128)}x,a\n`);
  expect(rows.map(({ kind }) => kind)).toEqual(['accepted', 'rejected']);
});

test('the id of a rejected row is free for a later one', async () => {
  const { rows } = await read('track_id,audio_uri\na,\na,a.mp3\na,a.mp3\n');
  expect(brief(rows)).toEqual([
    [2, '! audio_uri is missing'],
    [3, 'a'],
    [4, '! track_id repeats that of an earlier row'],
  ]);
});

test.each([1, 3, 1 << 20])('an open quote costs one line, in chunks of %i bytes', async (chunkBytes) => {
  const { rows } = await read(
    'track_id,audio_uri\na,"a.mp3\nb,b.mp3\nc,"c ""1"".mp3"\nd,d.mp3\n',
    chunkBytes,
  );
  expect(brief(rows)).toEqual([
    [2, '! opens a quote that is never closed'],
    [3, 'b'],
    [4, 'c'],
    [5, 'd'],
  ]);
});

test('an open quote that another stray quote would close costs one line each', async () => {
  const { rows } = await read('track_id,audio_uri\na,"a.mp3\nb,b.mp3\nc,c.mp3"\nd,d.mp3\n');
  expect(brief(rows)).toEqual([
    [2, '! opens a quote that is never closed'],
    [3, 'b'],
    [4, '! has a quote inside a field that does not start with one'],
    [5, 'd'],
  ]);
});

test('an open quote costs one line though hundreds of kilobytes follow', async () => {
  const after = Array.from({ length: 20_000 }, (_, index) => `t${index},audio/${index}.mp3\n`).join('');
  const { rows } = await read(`track_id,audio_uri\nbad,"a.mp3\n${after}`, 65_536);
  expect(rows.length).toBe(20_001);
  expect(brief(rows)[0]).toEqual([2, '! opens a quote that is never closed']);
  expect(brief(rows)[20_000]).toEqual([20_002, 't19999']);
});

test('a line break is allowed in columns that are carried along', async () => {
  const { rows } = await read(
    'track_id,audio_uri,note\r\na,a.mp3,"one\r\ntwo\r\n\r\nfour"\r\nb,b.mp3,\r\n',
    7,
  );
  expect(brief(rows)).toEqual([
    [2, 'a'],
    [6, 'b'],
  ]);
  expect(rows[0]).toMatchObject({ track: { extra: { note: 'one\r\ntwo\r\n\r\nfour' } } });
});

test.each([1, 1000, 1 << 20])(
  'bytes that are no UTF-8 cost their row alone, in chunks of %i bytes',
  async (chunkBytes) => {
    const content = Buffer.concat([
      Buffer.from('track_id,audio_uri\na,a.mp3\nb,"'),
      Buffer.from([0xff]),
      Buffer.from('"\nc,caf'),
      Buffer.from([0xe9]),
      Buffer.from('.mp3\nd,é.mp3\n'),
    ]);
    const { rows } = await read(content, chunkBytes);
    expect(brief(rows)).toEqual([
      [2, 'a'],
      [3, '! is not valid UTF-8'],
      [4, '! is not valid UTF-8'],
      [5, 'd'],
    ]);
    expect(rows[2]).toMatchObject({ raw: 'c,caf\uFFFD.mp3' });
  },
);

test.each([1000, 65_536, 1 << 20])(
  'a line past 64 KiB is rejected and shown in part, in chunks of %i bytes',
  async (chunkBytes) => {
    const { rows } = await read(
      `track_id,audio_uri\na,${'x'.repeat(70_000)}\nb,"${'y'.repeat(300_000)}"\nc,c.mp3\nd,${'z'.repeat(65_000)}\ne,"${'z'.repeat(70_000)}`,
      chunkBytes,
    );
    expect(brief(rows)).toEqual([
      [2, '! is longer than 65,536 bytes'],
      [3, '! is longer than 65,536 bytes'],
      [4, 'c'],
      [5, 'd'],
      [6, '! is longer than 65,536 bytes'],
    ]);
    expect(rows[0]?.kind === 'rejected' && rows[0].raw.length).toBe(1024);
  },
);

test('the digest is of the bytes as they stand', async () => {
  const content = '\uFEFFtrack_id,audio_uri\r\na,"a"\r\nbad\r\n';
  expect((await read(content, 5)).digest).toBe(createHash('sha256').update(content).digest('hex'));
});

test.each([
  ['', 'm.csv is empty: expected a CSV header with the columns track_id and audio_uri, then one row a track'],
  [
    '\uFEFF \r\n\n',
    'm.csv is empty: expected a CSV header with the columns track_id and audio_uri, then one row a track',
  ],
  [
    'a,b,c\n1,2,3\n',
    'the first line of m.csv is not a header: expected columns track_id and audio_uri; found: a, b, c',
  ],
  [
    'track_id,uri\n',
    'm.csv has no column audio_uri: expected columns track_id and audio_uri; found: track_id, uri',
  ],
  ['Track_ID,audio_uri\n', "m.csv has no column track_id: rename 'Track_ID' to track_id"],
  ['track_id;audio_uri\n', 'm.csv is separated by semicolons, not by commas'],
  ['track_id,audio_uri,x,x\n', 'm.csv has the column x more than once: rename or remove one'],
  ['track_id,audio_uri,\n', 'column 3 of m.csv has no name: name it or remove it'],
  [
    'track_id,audio_uri,backfill_algorithms\n',
    'm.csv has a column backfill_algorithms, a name that backfill keeps for its plans: rename the column',
  ],
  ['track_id,"audio_uri\na,b\n', "the header of m.csv is not CSV: 'track_id,\"audio_uri'"],
])('a manifest that starts %j is refused', async (content, message) => {
  await expect(read(content)).rejects.toMatchObject({ fault: 'usage', message });
});

test.each([10_000, 1 << 20])(
  'an overlong first line is no header, in chunks of %i bytes',
  async (chunkBytes) => {
    const content = `track_id,audio_uri,${'x'.repeat(100_000)}\na,a.mp3,\n`;
    await expect(read(content, chunkBytes)).rejects.toMatchObject({
      fault: 'usage',
      message:
        'the first line of m.csv is longer than 65,536 bytes: expected a CSV header with the columns track_id and audio_uri, then one row a track',
    });
  },
);

test('a header alone is a manifest without rows', async () => {
  expect((await read('track_id,audio_uri')).rows).toEqual([]);
});

const field = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', '"', ',', 'a\nb', '\r\n', '"",'),
);
const record = fc.tuple(
  fc.stringMatching(/^[a-z"', ]{1,3}$/),
  fc.constantFrom('a.mp3', 'b "1".mp3', 'c,d'),
  field,
);

test('any well-formed CSV gives the rows that csv-parse gives, however it is chunked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { maxLength: 30 }),
      fc.integer({ min: 1, max: 60 }),
      async (records, chunkBytes) => {
        const content = csvRecord(['track_id', 'audio_uri', 'note']) + records.map(csvRecord).join('');
        const expected = parse(content)
          .slice(1)
          .filter(([id]) => id?.trim() !== '');
        const { rows } = await read(content, chunkBytes);
        const ids = new Set<string>();
        const firsts = expected.filter(([id = '']) => !ids.has(id) && ids.add(id));
        const accepted = rows.filter((row) => row.kind === 'accepted');
        expect(accepted.map(({ track }) => [track.trackId, track.audioUri, track.extra['note']])).toEqual(
          firsts,
        );
        expect(rows.length).toBe(records.length);
      },
    ),
  );
});

test('whatever the bytes: every row has a line of its own, in order, and chunks make no difference', async () => {
  const piece = fc.constantFrom('a', 'b', '"', '""', ',', '\n', '\r\n', '\r', ',"', '",', 'x,y', '\u{1F3B5}');
  const bytes = fc.oneof(
    fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join(''))),
    fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 20 }), async (tail, chunkBytes) => {
      const content = Buffer.concat([Buffer.from('track_id,audio_uri\n'), tail]);
      const whole = await read(content);
      expect((await read(content, chunkBytes)).rows).toEqual(whole.rows);
      const lines = whole.rows.map(({ line }) => line);
      expect(lines).toEqual([...new Set(lines)].toSorted((one, other) => one - other));
    }),
    { numRuns: numRuns(300) },
  );
});

test.each([
  [
    'an ordinary catalogue',
    't1,s3://music/a/1.flac,243.56,s3://lyrics/1.lrc,ja',
    't2,s3://music/b.mp3,61,,zh-Hant-HK',
  ],
  ['paths', 't1,a/b c.mp3,,,', "t2,/srv/#1 'x'.ogg,1,l/2.lrc,"],
  ['the last bytes of a digit, a letter, a key', 't9,s3://music/z,9.,z,zz', 'tz,s3://a-b.c/~,.5,,ZZZ-zz'],
  ['languages as POSIX and ICU write them', 't1,a.mp3,,,zh_CN', 't2,a.mp3,,,ZH_hant_hk'],
])('%s goes the quick way', async (_, ...lines) => {
  const header = 'track_id,audio_uri,duration_s,lyrics_uri,language';
  const stream = Readable.from([Buffer.from([header, ...lines, ''].join('\r\n'))]);
  const reader = await openManifest({ name: 'm.csv', chunks: stream });
  const batches = await Array.fromAsync(reader.batches(), (batch) =>
    batch.kind === 'lines' ? [...batch.rows.verdicts.subarray(0, batch.rows.count)] : batch.rows,
  );
  expect(batches).toEqual([lines.map(() => PLAIN)]);
});

const anyCell = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    't',
    't1',
    't2',
    'é',
    '\u0085',
    '\u0007',
    '\uFEFF',
    '日本',
    'x\r',
    '\r',
    'a:b',
    'file:///a b',
    'file:/%zz',
    's3://bucket/key',
    's3://bucket/',
    's3://bucket',
    's3://b/key',
    's3://My_Bucket/k',
    'S3://bucket/key',
    's3://other-one/k:1',
    `s3://bucket/${'k'.repeat(1024)}`,
    `s3://bucket/${'k'.repeat(1025)}`,
    'i'.repeat(256),
    'i'.repeat(257),
    'http://h/a',
    '0',
    '0.0',
    '1',
    '007.50',
    '1.',
    '.5',
    '.',
    '+3',
    '-3',
    '1e3',
    '0x10',
    '12345678901234.5',
    '123456789012345.6',
    '0.1',
    'ja',
    'zh-HK',
    'x',
    'x-a',
    'i-klingon',
    'abcdefgh',
    'abcdefghi',
    'zh_HK',
    'zh-',
    'zh--x',
    'en-123456789',
    ' ja ',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }).filter((text) => !/[",\n]/.test(text)),
  fc.double({ min: 1e-9, max: 1e9, noNaN: true }).map(String),
);
/** The text of a record, and its fields where they can not be had by cutting at commas. */
const anyRecord = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.array(anyCell, { minLength: 5, maxLength: 7 }).map((cells) => ({ text: cells.join(',') })),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({
        id: fc.nat({ max: 30 }),
        audio: fc.constantFrom('a.mp3', 's3://bucket/a', 's3://other-one/b'),
        duration: fc.oneof(anyCell, fc.constantFrom('', '240.25')),
        lyrics: fc.constantFrom('', 's3://other-one/l', 'l'),
        language: fc.constantFrom(
          '',
          'ja',
          'zh-HK',
          'zh_Hant_HK',
          'zh-yue',
          'japanese',
          'en-USA',
          'es-419',
          'ja-',
        ),
        note: anyCell,
      })
      .map(({ id, ...cells }) => ({ text: [`t${id}`, ...Object.values(cells)].join(',') })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { text: '' },
      { text: 't1,a.mp3,,,,"a, b"', fields: ['t1', 'a.mp3', '', '', '', 'a, b'] },
      { text: 't2,"a.mp3",,,,"two\nlines"', fields: ['t2', 'a.mp3', '', '', '', 'two\nlines'] },
    ),
  },
);

test('any manifest gives the rows and rejections that csv-parse and the rules give', async () => {
  const header = ['track_id', 'audio_uri', 'duration_s', 'lyrics_uri', 'language', 'note'];
  const rules = new RowRules(header);
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRecord, { maxLength: 40 }),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 2000 }),
      async (records, lineBreak, chunkBytes) => {
        const expected: ManifestRow[] = [];
        const ids = new Set<string>();
        let line = 2;
        for (const { text, ...known } of records) {
          const cut = parseCsv(`${text}${lineBreak}`, false);
          const fields = 'fields' in known ? known.fields : (cut[0] ?? []);
          const raw = 'fields' in known ? text : fields.join(',');
          const verdict = rules.judge(fields);
          const isRepeated = verdict.kind === 'track' && ids.has(verdict.track.trackId);
          if (raw !== '') {
            if (verdict.kind === 'rejected') expected.push({ ...verdict, line, raw });
            else if (isRepeated) {
              expected.push({
                kind: 'rejected',
                line,
                code: 'track-id-repeated',
                reason: 'track_id repeats that of an earlier row',
                raw,
              });
            } else {
              ids.add(verdict.track.trackId);
              expected.push({ kind: 'accepted', line, track: verdict.track });
            }
          }
          line += 'fields' in known ? text.split('\n').length : 1;
        }
        const content = [header.join(','), ...records.map(({ text }) => text), ''].join(lineBreak);
        expect((await read(content, chunkBytes)).rows).toEqual(expected);
      },
    ),
    { numRuns: numRuns(400) },
  );
});
