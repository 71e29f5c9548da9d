import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAILURE_CODES } from '../../src/failures.ts';
import { type Ended, type Options, backfill } from '../end-to-end/backfill.ts';

const HEADER = 'track_id,audio_uri,lyrics_uri,language\n';
const MANIFEST = `${HEADER}a,a.wav,song.lrc,ja\nb,b.wav,song.lrc,ja\n`;
const MANIFESTS: Readonly<Record<string, string | Uint8Array>> = {
  'good.csv': MANIFEST,
  'good.csv.gz': gzipSync(MANIFEST),
  'good.csv.zst': zstdCompressSync(MANIFEST),
  'empty.csv': '',
  'blank.csv': '\n \n',
  'headerless.csv': 'a,a.wav\nb,b.wav\n',
  'no-audio.csv': 'track_id,title\na,Song\n',
  'semicolons.csv': 'track_id;audio_uri\na;a.wav\n',
  'no-rows.csv': HEADER,
  'half-bad.csv': `${HEADER}a,a.wav,,\na,again.wav,,\nc,c.wav,,\n,d.wav,,\n`,
  'all-bad.csv': `${HEADER},a.wav,,\nb,b.wav\n,c.wav,,\n`,
  'song.lrc': '[00:01.00]桜の花が咲く\n',
  'ladder.json': '{"not": "a ladder"}',
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-usage-'));
  await Promise.all(Object.entries(MANIFESTS).map(([name, bytes]) => writeFile(join(folder, name), bytes)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(line: readonly string[], options: Options = {}): Promise<Ended> {
  return backfill(line, { cwd: folder, ...options });
}

/** Runs what must be refused; its message: what is wrong, then perhaps what to do, and nothing on stdout. */
async function refusal(line: readonly string[], code = 2, options?: Options): Promise<string> {
  const ended = await run(line, options);
  expect(ended.code, ended.stderr).toBe(code);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toMatch(/^backfill: [^\n]+\n(?: {2}[^\n]+\n)*$/);
  expect(ended.stderr).not.toContain('    at ');
  return ended.stderr;
}

/** Command lines that are refused with exit code 2, and what is said. */
const WRONG: readonly (readonly [line: string, said: RegExp])[] = [
  ['nonsense', /^backfill: unknown command 'nonsense'\n {2}backfill --help lists the commands\n$/],
  ['statsu', /unknown command 'statsu'; did you mean status\?/],
  ['good.csv', /unknown command 'good.csv'\n {2}backfill run good.csv works a manifest\n/],
  ['help nonsense', /unknown command 'nonsense'/],
  ['--bogus', /unknown option '--bogus'\n {2}backfill --help shows/],
  ['run', /missing required argument 'manifest'\n {2}backfill run --help shows/],
  ['run good.csv more', /too many arguments for 'run': expected 1 argument but got 2: good.csv, more\n/],
  ['run good.csv --bogus', /unknown option '--bogus'/],
  ['run good.csv --jsno', /unknown option '--jsno'; did you mean --json\?/],
  ['run good.csv --grace', /option '--grace <seconds>' argument missing/],
  ['run good.csv -c 0', /'-c, --concurrency <n>' argument '0' is invalid: a whole number from 1/],
  ['run good.csv -c 1.5', /argument '1.5' is invalid: a whole number/],
  ['run good.csv -c two', /argument 'two' is invalid/],
  ['run good.csv --grace -1', /argument '-1' is invalid: a number over 0/],
  ['run good.csv --checkpoint-seconds NaN', /argument 'NaN' is invalid: a number over 0/],
  ['run good.csv --shard-minutes Infinity', /argument 'Infinity' is invalid: a number over 0/],
  ['run good.csv --max-duration 0', /argument '0' is invalid: a number over 0/],
  ['run good.csv --max-source-bytes lots', /argument 'lots' is invalid: a size such as 500m or 4g/],
  ['run good.csv -a nothing', /there is no algorithm 'nothing': choose of fingerprint, chorus, pitch/],
  ['run good.csv -a pitch,,chorus', /argument 'pitch,,chorus' is invalid: names with commas/],
  ['plan good.csv -a transcode --ladder nothing', /the ladder 'nothing' is no preset \(standard, /],
  ['plan good.csv -a transcode --ladder ladder.json', /ladder\.json/],
  ['run good.csv --max-rejected many', /argument 'many' is invalid: a count such as 100, or a share such/],
  ['plan good.csv --max-rejected 101%', /argument '101%' is invalid/],
  ['plan good.csv --max-rejected 1.5', /argument '1.5' is invalid/],
  ['plan good.csv --max-rejected -1', /argument '-1' is invalid/],
  ['run missing.csv', /^backfill: missing.csv does not exist\n$/],
  ['run .', /\. is a folder: name a CSV file/],
  ['run empty.csv', /empty.csv is empty: expected a CSV header with the columns track_id and audio_uri/],
  ['run blank.csv', /blank.csv is empty: expected/],
  ['run headerless.csv', /headerless.csv is not a header: expected columns .*; found: a, a.wav\n/],
  ['run no-audio.csv', /no-audio.csv has no column audio_uri: .*; found: track_id, title\n/],
  [
    'run semicolons.csv',
    /semicolons.csv is separated by semicolons, not by commas\n  export it with commas, or convert it: mlr /,
  ],
  ['run no-rows.csv', /no-rows.csv holds no tracks/],
  ['run good.csv --store s3://Bucket/prefix', /s3:\/\/Bucket\/prefix/],
  ['status --store gopher://host', /'gopher:\/\/host' is no store that can be used: name a folder/],
  ['status', /there are no runs in file:.*\n {2}backfill run manifest.csv starts one/],
  ['resume', /there are no runs/],
  ['cancel', /there are no runs/],
  ['verify', /there are no runs/],
  ['retry-failed', /there are no runs/],
  ['results', /there are no runs/],
  ['results get a', /there are no runs/],
  ['results export --algorithm chorus', /there are no runs/],
  ['status 20261121-000000-ffff', /there is no run '20261121-000000-ffff' in .*: there are no runs there/],
  ['status ../../etc', /there is no run '\.\.\/\.\.\/etc'/],
  ['verify ☃', /there is no run '☃'/],
  ['status .', /there is no run '\.' in/],
  ['results list ..', /there is no run '\.\.' in/],
  ['status --store file://host/x', /the store 'file:\/\/host\/x' names no folder of this machine: /],
  ['status --store file:///%zz', /the store 'file:\/\/\/%zz' names no folder of this machine: /],
  [
    'run s3://bucket/m.csv',
    /'s3:\/\/bucket\/m.csv' is neither\n {2}aws s3 cp 's3:\/\/bucket\/m.csv' - \| backfill plan -\n$/,
  ],
  ['results get -rf', /unknown option '-rf'\n.*\n {2}.*behind --: backfill results get -- -rf\n$/],
  [
    'results export --algorithm chorus --spreadsheet',
    /--spreadsheet is for CSV alone\n {2}add --format csv\n$/,
  ],
  ['results export --algorithm chorus -o none/x', /there is no folder 'none' to write 'none\/x' in\n/],
  ['try romanisation http://host/song.lrc', /'http:\/\/host\/song.lrc' has a scheme that is not read/],
  ['try romanisation song.lrc --language nonsense!', /argument 'nonsense!' is invalid: a BCP 47 tag such as/],
  [
    'plan good.csv -a transcode --ladder .',
    /the ladder '\.' is no preset .*, and the file can not be read: illegal operation on a directory\n$/,
  ],
  ['results exprot', /there is no run 'exprot'.*\n.*backfill results --help/],
  ['results export', /required option '--algorithm <name>' not specified/],
  ['results export --algorithm chorus --format xml', /argument 'xml' is invalid: .* jsonl, csv, parquet\n/],
  ['retry-failed --code gone', new RegExp(`no failure code 'gone': choose of ${FAILURE_CODES.join(', ')}`)],
  ['retry-failed -a nothing', /there is no algorithm 'nothing'/],
  ['try nothing song.mp3', /there is no algorithm 'nothing'/],
  ['try chorus', /missing required argument 'file'\n {2}backfill try --help/],
  ['attempt x --attempt a --scratch .', /attempt is started by backfill worker/],
];

describe('wrong usage and bad input are refused with exit code 2', () => {
  test.concurrent.each(WRONG)('%s', async (line, said) => {
    expect(await refusal(line.split(' '))).toMatch(said);
  });

  test.concurrent.each(['--store', '-a', '-c', '--max-rejected'])('an empty %s', async (option) => {
    expect(await refusal(['run', 'good.csv', option, ''])).toContain("argument '' is invalid");
  });

  test.concurrent('an empty BACKFILL_STORE', async () => {
    const said = await refusal(['status'], 2, { env: { BACKFILL_STORE: '' } });
    expect(said).toContain("value '' from env 'BACKFILL_STORE' is invalid: a folder or s3://");
  });

  test.concurrent('a run id with odd characters', async () => {
    for (const id of ['a\nb', "it's", '$(id)']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so as not to crowd the machine
      const { code, stderr } = await run(['status', id]);
      expect(code, stderr).toBe(2);
      expect(stderr).toContain(`there is no run '${id}'`);
    }
  });

  test.concurrent('an empty stdin', async () => {
    expect(await refusal(['plan', '-'], 2, { input: '' })).toMatch(/is empty: expected a CSV header/);
  });

  test('none of it has started anything', async () => {
    expect(await readdir(folder)).toEqual(Object.keys(MANIFESTS).toSorted());
  });
});

describe('rejected rows', () => {
  test('stop a run before it is one, with the lines and their reasons', async () => {
    const said = await refusal(['run', 'half-bad.csv', '-a', 'romanisation', '--store', 'none']);
    expect(said).toBe(
      'backfill: 2 of 4 rows of half-bad.csv are rejected, and 1 % may be:\n' +
        '  1 track-id-repeated: line 3: track_id repeats that of an earlier row\n' +
        '  1 track-id-missing: line 5: track_id is missing\n' +
        '  mend the rows, or allow more with --max-rejected\n',
    );
    await expect(access(join(folder, 'none'))).rejects.toThrow('ENOENT');
    expect(await refusal(['status', '--store', 'none'])).toContain('there are no runs');
  });

  const ALL_BAD = [
    { code: 'track-id-missing', rows: 2, lines: [2, 4], reason: 'track_id is missing' },
    { code: 'field-count', rows: 1, lines: [3], reason: 'has 2 fields where the header has 4' },
  ];

  test.concurrent.each([
    ['plan', '1%', 'too-many-rejected'],
    ['plan', '0', 'too-many-rejected'],
    ['plan', '100%', 'no-tracks'],
    ['run', '1%', 'too-many-rejected'],
    ['run', '100%', 'no-tracks'],
  ])(
    'are counted by kind where there is nothing else: %s --max-rejected %s',
    async (command, limit, error) => {
      const line = [command, 'all-bad.csv', '-a', 'romanisation', '--max-rejected', limit];
      expect(await refusal(line)).toContain(
        '  2 track-id-missing: line 2: track_id is missing; also line 4\n' +
          '  1 field-count: line 3: has 2 fields where the header has 4\n',
      );
      const { code, stdout, stderr } = await run([...line, '--json']);
      expect(code).toBe(2);
      expect(stderr).toContain('  2 track-id-missing: line 2');
      expect(JSON.parse(stdout)).toMatchObject({
        error,
        tracks: { total: 3, accepted: 0, rejected: 3 },
        rejections: ALL_BAD,
        firstRejected: [{ line: 2 }, { line: 3, raw: 'b,b.wav' }, { line: 4 }],
      });
    },
  );

  test('are told of by a plan and a run that go on without them', async () => {
    const line = ['half-bad.csv', '-a', 'romanisation', '--max-rejected', '50%'];
    const said = '1 track-id-repeated: line 3: track_id repeats that of an earlier row\n';
    const rejections = [
      { code: 'track-id-repeated', rows: 1, lines: [3] },
      { code: 'track-id-missing', rows: 1, lines: [5] },
    ];
    expect((await run(['plan', ...line])).stdout).toContain(said);
    expect(JSON.parse((await run(['plan', ...line, '--json'])).stdout)).toMatchObject({ rejections });
    const ended = await run(['run', ...line, '--json', '--store', 'rejecting']);
    expect(ended.stderr).toContain(said);
    expect(JSON.parse(ended.stdout)).toMatchObject({ state: 'finished', rejections });
    await rm(join(folder, 'rejecting'), { recursive: true });
  });

  test.concurrent.each([
    ['2', 0],
    ['1', 2],
    ['0', 2],
    ['50%', 0],
    ['49.9 %', 2],
    ['100%', 0],
    ['0%', 2],
  ])('--max-rejected %s', async (limit, code) => {
    const ended = await run(['plan', 'half-bad.csv', '--max-rejected', limit, '--json']);
    expect(ended.code, ended.stderr).toBe(code);
    if (code === 0) expect(JSON.parse(ended.stdout).tracks).toEqual({ total: 4, accepted: 2, rejected: 2 });
  });
});

describe('plan', () => {
  test.concurrent.each([
    ['a file', 'good.csv', undefined],
    ['a .gz', 'good.csv.gz', undefined],
    ['a .zst', 'good.csv.zst', undefined],
    ['stdin', '-', MANIFEST],
    ['stdin, gzipped', '-', gzipSync(MANIFEST)],
    ['stdin, zstd', '-', zstdCompressSync(MANIFEST)],
  ])('reads a manifest from %s', async (_, manifest, input) => {
    const options = input === undefined ? {} : { input };
    const { code, stdout, stderr } = await run(['plan', manifest, '-a', 'romanisation', '--json'], options);
    expect(code, stderr).toBe(0);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      tracks: { total: 2, accepted: 2, rejected: 0 },
      withLyrics: 2,
      algorithms: [{ name: 'romanisation' }],
    });
  });

  test.concurrent('needs none of the programs that a run needs', async () => {
    const { code, stderr } = await run(['plan', 'good.csv'], { env: { PATH: folder } });
    expect(code, stderr).toBe(0);
    expect(await refusal(['run', 'good.csv'], 3, { env: { PATH: folder } })).toContain('ffmpeg');
  });
});

describe('a run over lyrics', () => {
  const at = ['--store', 'kept'];
  let ended: Ended;
  beforeAll(async () => {
    ended = await run(['run', 'good.csv', '-a', 'romanisation', '--json', ...at]);
  });

  test('ends with one JSON document on stdout and undrawn progress on stderr', () => {
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      state: 'finished',
      tracks: { total: 2, rejected: 0 },
      algorithms: { romanisation: { succeeded: 2, failed: 0 } },
      failures: {},
    });
    expect(ended.stderr).toMatch(/^\d of 2 tracks \(\d+\.\d %\), .*no failures/m);
    expect(ended.stderr).not.toContain('\u001b');
  });

  test.each(['status', 'status --watch', 'verify', 'results', 'resume', 'cancel'])(
    '%s --json is one document, too',
    async (command) => {
      const { code, stdout, stderr } = await run([...command.split(' '), '--json', ...at]);
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toBeTypeOf('object');
    },
  );

  test('is found by its id, and other ids and tracks are not', async () => {
    const id = JSON.parse(ended.stdout).runId as string;
    expect((await run(['status', id, ...at])).stdout).toContain(`run ${id}: finished`);
    expect(await refusal(['status', 'other', ...at])).toContain(`the newest one there is ${id}`);
    expect(await refusal(['results', 'get', 'nobody', ...at])).toContain(`no track 'nobody'`);
  });

  test('a store that is a file is said to be none', async () => {
    const said = await refusal(['run', 'good.csv', '-a', 'romanisation', '--store', 'song.lrc'], 3);
    expect(said).toMatch(/^backfill: could not make the folder '.*song\.lrc\/\.tmp': not a directory\n$/);
  });
});
