/** What manifests begin with: line ends, separators, encodings, and files of other kinds. */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRecord } from '../../src/manifest/csv.ts';
import { lookalikeColumns } from '../../src/manifest/header.ts';
import { openManifest } from '../../src/manifest/read-manifest.ts';
import { readRows } from './manifest-rows.ts';

/** The rows of a manifest in short: line and id, or line and reason. */
async function read(content: string | Uint8Array, chunkBytes = 1 << 20, name = 'm.csv') {
  const bytes = Buffer.from(content as string);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const reader = await openManifest({ name, chunks: Readable.from(chunks) });
  const rows = await readRows(reader);
  return { header: reader.header, rows };
}

async function lines(content: string | Uint8Array, chunkBytes?: number): Promise<unknown[]> {
  const { rows } = await read(content, chunkBytes);
  return rows.map((row) => [row.line, row.kind === 'accepted' ? row.track.trackId : `! ${row.reason}`]);
}

async function refused(
  content: string | Uint8Array,
  name?: string,
): Promise<{ message: string; hint: string }> {
  const error: unknown = await read(content, undefined, name).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toMatchObject({ fault: 'usage' });
  return error as { message: string; hint: string };
}

describe('carriage returns that end lines alone', () => {
  test.each([
    [
      'after each line',
      'track_id,audio_uri\ra,a.mp3\rb,b.mp3\r',
      [
        [2, 'a'],
        [3, 'b'],
      ],
    ],
    [
      'but after the last',
      'track_id,audio_uri\ra,a.mp3\rb,b.mp3',
      [
        [2, 'a'],
        [3, 'b'],
      ],
    ],
    ['blank ones among them', '\r\rtrack_id,audio_uri\r\ra,a.mp3\r\r', [[5, 'a']]],
    ['with a byte order mark', '\uFEFFtrack_id,audio_uri\ra,a.mp3\r', [[2, 'a']]],
    ['below a sep= line', 'sep=,\rtrack_id,audio_uri\ra,a.mp3\r', [[3, 'a']]],
    ['and no rows', 'track_id,audio_uri\r', []],
    [
      'in a file whose rows end otherwise',
      'track_id,audio_uri\ra,a.mp3\r\nb,b.mp3\nc,c.mp3\r',
      [
        [2, 'a'],
        [3, 'b'],
        [4, 'c'],
      ],
    ],
    [
      'doubled, before line feeds',
      'track_id,audio_uri\r\r\na,a.mp3\r\r\nb,b.mp3\r\r\n',
      [
        [2, 'a'],
        [3, 'b'],
      ],
    ],
  ])('%s', async (_, content, expected) => {
    expect(await lines(content)).toEqual(expected);
    expect(await lines(content, 1)).toEqual(expected);
    expect(await lines(content, 7)).toEqual(expected);
  });

  test('give the rows that line feeds give, in any chunks', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ' ', '\n', '日'), maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.nat(50), note: cell }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 60 }),
        async (tracks, chunkBytes) => {
          const content = [
            'track_id,audio_uri,note\n',
            ...tracks.map(({ id, note }) => csvRecord([`t${id}`, 'a.mp3', note])),
          ].join('');
          // A line feed within a field is a line end there as well: for old Macs, too.
          const { rows } = await read(content.replaceAll('\n', '\r'), chunkBytes);
          expect(rows).toEqual((await read(content)).rows);
        },
      ),
      { numRuns: 200, seed: 11 },
    );
  });

  test('are no line ends where line feeds are', async () => {
    const content = 'track_id,audio_uri,note\na,a.mp3,"one\rtwo"\nb,b.mp3,three\rfour\n';
    const { rows } = await read(content);
    expect(rows.map((row) => row.kind === 'accepted' && row.track.extra)).toEqual([
      { note: 'one\rtwo' },
      { note: 'three\rfour' },
    ]);
  });
});

describe('a line sep=', () => {
  test.each(['sep=,\n', '"sep=,"\r\n', 'SEP=,\n', '\uFEFFsep=,\n'])('%j is passed over', async (line) => {
    expect(await lines(`${line}track_id,audio_uri\na,a.mp3\n`)).toEqual([[3, 'a']]);
  });

  test.each([
    ['sep=;', 'semicolons', 'semicolon'],
    ['sep=\t', 'tabs', 'tab'],
    ['sep=|', 'vertical bars', 'pipe'],
    ['sep=^', "'^'", "'^'"],
  ])('%j names what separates', async (line, word, miller) => {
    expect(await refused(`${line}\r\ntrack_id;audio_uri\r\na;a.mp3\r\n`)).toMatchObject({
      message: `m.csv is separated by ${word}, not by commas`,
      hint: `export it with commas, or convert it: without its first line: mlr --csv --ifs ${miller} --ofs comma cat`,
    });
  });
});

describe('what separates otherwise', () => {
  test.each([
    ['track_id;audio_uri\na;b\n', 'semicolons', 'semicolon'],
    ['track_id\taudio_uri\ttitle\na\tb\tc\n', 'tabs', 'tab'],
    ['audio_uri|track_id\na|b\n', 'vertical bars', 'pipe'],
    ['track_id;audio_uri;"a, b"\r\na;b;c\r\n', 'semicolons', 'semicolon'],
    ['"track_id";"audio_uri"\r\n', 'semicolons', 'semicolon'],
    ['track_id;audio_uri\ra;b\r', 'semicolons', 'semicolon'],
  ])('%j', async (content, word, miller) => {
    expect(await refused(content, 'my stock.csv')).toMatchObject({
      message: `my stock.csv is separated by ${word}, not by commas`,
      hint: `export it with commas, or convert it: mlr --csv --ifs ${miller} --ofs comma cat 'my stock.csv' > 'my stock.new.csv'`,
    });
  });
});

describe('columns that are almost named right', () => {
  test.each([
    ['Track_ID,AUDIO_URI', "rename 'Track_ID' to track_id, 'AUDIO_URI' to audio_uri"],
    ['track id,audio-uri', "rename 'track id' to track_id, 'audio-uri' to audio_uri"],
    ['TrackId,audioUri', "rename 'TrackId' to track_id, 'audioUri' to audio_uri"],
    ['“track_id”,‘audio_uri’', "rename '“track_id”' to track_id, '‘audio_uri’' to audio_uri"],
    ['ｔｒａｃｋ＿ｉｄ,audio_uri', "rename 'ｔｒａｃｋ＿ｉｄ' to track_id"],
    ['track_id,audio\u00a0uri', "rename 'audio\u00a0uri' to audio_uri"],
    ['\u200btrack_id,audio_uri', "rename '\u200btrack_id' to track_id"],
  ])('%s', async (header, said) => {
    expect((await refused(`${header}\na,b\n`)).message).toContain(said);
  });

  test('spaces around names do no harm, not even those that do not break', async () => {
    expect(await lines('\u00a0track_id\u00a0, audio_uri\t\na,b\n')).toEqual([[2, 'a']]);
  });

  test('are told of where they are not needed', () => {
    const header = ['track_id', 'audio_uri', 'Language', 'lyrics uri', 'duration_s', 'Duration_S', 'title'];
    expect(lookalikeColumns(header)).toEqual([
      { column: 'lyrics uri', meant: 'lyrics_uri' },
      { column: 'Language', meant: 'language' },
    ]);
  });
});

/** ASCII in an encoding with so many bytes a character. */
function wide(text: string, bytes: 2 | 4, isLittleEndian: boolean): Buffer {
  const units = Buffer.alloc(text.length * bytes);
  for (const [index, character] of [...text].entries()) {
    units[index * bytes + (isLittleEndian ? 0 : bytes - 1)] = character.charCodeAt(0);
  }
  return units;
}

const MANIFEST = 'track_id,audio_uri\na,b.mp3\n';

describe('other encodings', () => {
  test.each([
    ['UTF-16LE', wide(MANIFEST, 2, true), 'fffe'],
    ['UTF-16BE', wide(MANIFEST, 2, false), 'feff'],
    ['UTF-32LE', wide(MANIFEST, 4, true), 'fffe0000'],
    ['UTF-32BE', wide(MANIFEST, 4, false), '0000feff'],
  ])('%s, with a byte order mark and without', async (encoding, bytes, mark) => {
    for (const content of [bytes, Buffer.concat([Buffer.from(mark, 'hex'), bytes])]) {
      // oxlint-disable-next-line no-await-in-loop -- two of them
      expect(await refused(content)).toMatchObject({
        code: 'manifest-encoding',
        message: `m.csv is ${encoding} text, not CSV in UTF-8`,
        hint: `iconv -f ${encoding} -t UTF-8 m.csv > m.new.csv`,
      });
    }
    expect((await refused(bytes, 'stdin')).hint).toBe(`iconv -f ${encoding} -t UTF-8 | backfill plan -`);
  });

  test('of one byte, with more than ASCII in the header', async () => {
    expect((await refused(Buffer.from('track_id,audio_uri,Künstler\n', 'latin1'))).message).toBe(
      "the header of m.csv is not valid UTF-8: 'track_id,audio_uri,K\uFFFDnstler'",
    );
  });
});

describe('files of other kinds', () => {
  test.each([
    ['504b030414000600', 'a ZIP archive (workbooks are such), not CSV in UTF-8'],
    ['d0cf11e0a1b11ae100000000', 'an old Excel workbook, not CSV in UTF-8'],
    ['50415231150415', 'a Parquet file, not CSV in UTF-8'],
    ['53514c69746520666f726d6174203300', 'an SQLite database, not CSV in UTF-8'],
    ['255044462d312e34', 'a PDF, not CSV in UTF-8'],
    ['425a683931415926', 'bzip2-compressed, not CSV in UTF-8'],
    ['fd377a585a000004', 'xz-compressed, not CSV in UTF-8'],
    ['04224d1864', 'LZ4-compressed, not CSV in UTF-8'],
    [Buffer.from('[{"track_id": 1}]\n').toString('hex'), 'JSON: expected a CSV header'],
    [Buffer.from('{\n').toString('hex'), 'JSON: expected a CSV header'],
    [Buffer.from('<!DOCTYPE html>\n').toString('hex'), 'HTML or XML: expected a CSV header'],
  ])('%s', async (hex, what) => {
    expect((await refused(Buffer.from(hex, 'hex'))).message).toContain(`m.csv is ${what}`);
  });

  test('a compressed one is told how to be unpacked', async () => {
    expect((await refused(Buffer.from('425a683931415926', 'hex'), 'stock.csv.bz2')).hint).toBe(
      'bzcat stock.csv.bz2 > stock.new.csv',
    );
  });
});
