/** Characters that command a terminal, in all that comes from outside: none of them is printed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ParquetEncoder } from '../../src/results/parquet-encoder.ts';
import { FAILURE_COLUMNS } from '../../src/results/failure-columns.ts';
import { doneMarkerKey } from '../../src/run/done-marker.ts';
import { failuresKey, resultsKey, runKey } from '../../src/run/keys.ts';
import { encodeRecord } from '../../src/run/record-codec.ts';
import { FsStore } from '../../src/store/fs-store.ts';
import { visible, visibleJson } from '../../src/visible-text.ts';
import { type Ended, backfill } from '../end-to-end/backfill.ts';
import { storeRun } from '../operations/worked-run.ts';

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const COMMANDING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
/** Clears the screen, rings, colours, turns around, and parts lines. */
const EVIL = 'x\u001b[2J\u0007\u009b31m\u007f\u0085\u202e\u2066\u200f\u2028\u2029y';
const SHOWN = 'x\\u001b[2J\\u0007\\u009b31m\\u007f\\u0085\\u202e\\u2066\\u200f\\u2028\\u2029y';
/** An id may hold those that are no control characters. */
const EVIL_ID = 'id\u202e\u2066\u200f\u2028\u2029';
const SHOWN_ID = 'id\\u202e\\u2066\\u200f\\u2028\\u2029';
const RUN = '20261121-031500-worked';

test('text keeps its lines and tabs, and whole surrogate pairs', () => {
  expect(visible(`a\tb\nc😀é${EVIL}\ud800z\r`)).toBe(`a\tb\nc😀é${SHOWN}\\ud800z\\u000d`);
});

test('JSON stays equal', () => {
  const value = { [EVIL]: [EVIL, '\ud800', '😀'] };
  const json = visibleJson(JSON.stringify(value));
  expect(json).not.toMatch(COMMANDING);
  expect(JSON.parse(json)).toEqual(value);
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-visible-'));
  await Promise.all([
    writeFile(join(folder, 'song.lrc'), '[00:01.00]桜の花が咲く\n'),
    writeFile(join(folder, `${EVIL}.csv`), 'track_id,audio_uri\n'),
    writeFile(join(folder, 'headers.csv'), `${EVIL},${EVIL}2\n`),
    writeFile(join(folder, 'not-csv.csv'), `track_id,audio_uri,"${EVIL}\n`),
    writeFile(
      join(folder, 'rows.csv'),
      `track_id,audio_uri,lyrics_uri,language\n` +
        `${EVIL},a.wav,song.lrc,ja\n` +
        `a,${EVIL},,\n` +
        `b,http://${EVIL_ID}/,,\n` +
        `c,a.wav,song.lrc,${EVIL}\n` +
        `${EVIL_ID},a.wav,song.lrc,ja\n` +
        `${EVIL_ID}2,a.wav,missing-${EVIL_ID}.lrc,ja\n`,
    ),
    writeFile(join(folder, 'ladder.json'), JSON.stringify([{ [EVIL]: EVIL }])),
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<Ended> {
  const ended = await backfill(args, { cwd: folder });
  const where = JSON.stringify(args);
  expect(ended.stdout, where).not.toMatch(COMMANDING);
  expect(ended.stderr, where).not.toMatch(COMMANDING);
  expect(ended.stderr, where).not.toContain('    at ');
  return ended;
}

describe('of arguments', () => {
  test.concurrent.each([
    [EVIL],
    [`--${EVIL}`],
    ['run', 'x.csv', EVIL],
    ['run', EVIL],
    ['plan', `${EVIL}.csv`],
    ['plan', 'rows.csv', '-a', EVIL],
    ['plan', 'rows.csv', '-c', EVIL],
    ['plan', 'rows.csv', '--ladder', EVIL, '-a', 'transcode'],
    ['plan', 'rows.csv', '--ladder', 'ladder.json', '-a', 'transcode'],
    ['plan', `s3://${EVIL}`],
    ['status', EVIL],
    ['status', '--store', EVIL],
    ['status', '--store', `gopher://${EVIL}`],
    ['doctor', '--store', `s3://${EVIL}`],
    ['retry-failed', '--code', EVIL],
    ['results', 'export', '--algorithm', EVIL, '-o', `${EVIL}/${EVIL}`],
    ['try', EVIL, EVIL],
    ['try', 'romanisation', EVIL],
    ['try', 'romanisation', 'song.lrc', '--language', EVIL],
    ['match', EVIL, EVIL],
    ['help', EVIL],
    ['jobdefs', 'diff', EVIL],
    ['jobdefs', 'diff', '--file', EVIL],
    ['worker', EVIL],
  ])('%#', async (...args) => {
    const { stdout, stderr, code } = await run(...args.filter((arg) => arg !== undefined));
    expect(code).toBeGreaterThan(0);
    // Folders are said as URIs.
    expect(stdout + stderr).toMatch(/\\u001b\[2J|%1B%5B2J/);
  });
});

describe('of a manifest', () => {
  test('in its header', async () => {
    expect((await run('plan', 'headers.csv')).stderr).toContain(SHOWN);
    expect((await run('plan', 'not-csv.csv')).stderr).toContain(SHOWN);
  });

  test('in rows that are rejected, in text and in JSON', async () => {
    const { stderr, stdout, code } = await run('plan', 'rows.csv', '-a', 'romanisation', '--json');
    expect(code).toBe(2);
    expect(stderr).toContain(`language is '${SHOWN}'`);
    expect(JSON.parse(stdout).firstRejected[0].raw).toBe(`${EVIL},a.wav,song.lrc,ja`);
  });

  test('in a run, its failures and its results', async () => {
    const at = ['--store', 'kept'];
    const line = ['run', 'rows.csv', '-a', 'romanisation', '--max-rejected', '100%', ...at];
    expect((await run(...line)).code).toBe(1);
    for (const args of [['status'], ['status', '--json'], ['verify'], ['verify', '--json'], ['results']]) {
      // oxlint-disable-next-line no-await-in-loop -- so as not to crowd the machine
      await run(...args, ...at);
    }
    expect((await run('results', 'get', EVIL_ID, ...at)).stdout).toContain(`track_id     ${SHOWN_ID}\n`);
    expect((await run('results', 'get', `${EVIL_ID}2`, ...at)).stdout).toContain(`missing-${SHOWN_ID}.lrc`);
    const failed = await run('results', 'export', '--algorithm', 'failures', ...at);
    expect(JSON.parse(failed.stdout).track_id).toBe(`${EVIL_ID}2`);
    const got = await run('results', 'get', EVIL_ID, '--json', ...at);
    expect(JSON.parse(got.stdout).track_id).toBe(EVIL_ID);
    const exported = await run('results', 'export', '--algorithm', 'romanisation', ...at);
    expect(JSON.parse(exported.stdout).track_id).toBe(EVIL_ID);
  });
});

/** Runs a command on a terminal: what the terminal is sent. */
async function onTerminal(line: string): Promise<string> {
  const program = fileURLToPath(new URL('../../bin/backfill.js', import.meta.url));
  const command = `"${process.execPath}" "${program}" ${line}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let sent = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (sent += text));
  await once(child, 'close');
  return sent.replaceAll('\r\n', '\n');
}

describe('of a store', () => {
  const at = ['--store', 'made'];
  beforeAll(async () => {
    await mkdir(join(folder, 'made'));
    const store = new FsStore(join(folder, 'made'));
    const { record } = await storeRun(store, { shards: 1, rows: 1 });
    const settings = {
      ...record.settings,
      algorithms: [
        { name: 'fingerprint', version: '1' },
        { name: 'mood', version: '1' },
      ],
    };
    const manifest = { ...record.manifest, name: EVIL, base: `/${EVIL}` };
    await store.put(runKey(RUN), encodeRecord({ ...record, tool: EVIL, settings, manifest }));
    const mood = new ParquetEncoder({
      columns: [{ name: `label-${EVIL}`, type: 'string', description: '' }],
    });
    mood.add({ trackId: 'track-0', sourceEtag: EVIL, row: { [`label-${EVIL}`]: EVIL } });
    await store.put(resultsKey(RUN, 'mood', '1', 0), mood.finish());
    const failures = new ParquetEncoder({ columns: FAILURE_COLUMNS });
    const row = { algorithm: 'fingerprint', version: EVIL, code: EVIL, transient: false, message: EVIL };
    failures.add({ trackId: 'track-0', sourceEtag: null, row });
    await store.put(failuresKey(RUN, 0), failures.finish());
    const counts = {
      fingerprint: { succeeded: 0, failed: { 'algorithm-error': 1 } },
      mood: { succeeded: 1, failed: {} },
    };
    await store.put(doneMarkerKey(RUN, { shard: 0, counts, workSeconds: 1, reclaims: 0 }), new Uint8Array());
  });

  test.each([
    ['results', 'get', 'track-0'],
    ['results', 'get', 'track-0', '--json'],
    ['results', 'export', '--algorithm', 'mood'],
    ['results', 'export', '--algorithm', 'failures'],
  ])('%s %s %s %s', async (...args) => {
    const { code, stdout, stderr } = await run(...args.filter((arg) => arg !== undefined), ...at);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(SHOWN);
  });

  test.each([
    ['status'],
    ['status', '--json'],
    ['results', 'list'],
    ['results', 'get', EVIL],
    ['results', 'get', 'track-0', EVIL],
    ['verify'],
    ['verify', '--json'],
    ['resume'],
    ['cancel'],
    ['match', 'track-0', 'track-0'],
  ])('%s %s', async (...args) => {
    await run(...args.filter((arg) => arg !== undefined), ...at);
  });

  // script(1) of other systems has other options.
  test.skipIf(process.platform !== 'linux')(
    'in CSV, which a terminal gets as text, and a file as it is',
    async () => {
      const line = 'results export --algorithm failures --format csv --store made';
      const sent = await onTerminal(line);
      expect(sent).not.toMatch(COMMANDING);
      expect(sent).toContain(SHOWN);
      expect((await backfill(line.split(' '), { cwd: folder })).stdout).toContain(EVIL);
    },
  );

  test.skipIf(process.platform !== 'linux')(
    'not at all in Parquet, which is not for a terminal',
    async () => {
      expect(await onTerminal('results export --algorithm mood --format parquet --store made')).toBe(
        'backfill: Parquet is not for a terminal\n  name a file with -o, or redirect it: > results.parquet\n',
      );
    },
  );
});
