/** What the commands print, and what they do when it can not be written. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backfill } from '../end-to-end/backfill.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/backfill.js', import.meta.url));
const CLI = fileURLToPath(new URL('../../src/cli', import.meta.url));
const NO_SPACE = 'backfill: could not write to standard output: no space left on device\n';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-output-'));
  await writeFile(join(folder, 'song.lrc'), '[00:01.00]桜の花が咲く\n');
  await writeFile(
    join(folder, 'manifest.csv'),
    'track_id,audio_uri,lyrics_uri,language\na,a.wav,song.lrc,ja\nb,b.wav,missing.lrc,ja\n',
  );
  const ended = await backfill(['run', 'manifest.csv', '-a', 'romanisation', '--store', 'kept'], {
    cwd: folder,
  });
  expect(ended.code, ended.stderr).toBe(1);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Shelled {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line with redirections: `"$@"` is backfill. */
async function shell(line: string): Promise<Shelled> {
  const child = spawn('sh', ['-c', line.replaceAll('backfill', '"$0" "$1"'), process.execPath, PROGRAM], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

describe('what can not be written', () => {
  test.concurrent.each([
    '--help',
    '--version',
    'help run',
    'algorithms',
    'algorithms --json',
    'plan manifest.csv',
    'plan manifest.csv --json',
    'status --store kept',
    'status --store kept --json',
    'status --store kept --watch',
    'verify --store kept',
    'verify --store kept --json',
    'cancel --store kept',
    'results --store kept',
    'results list --store kept --json',
    'results get a --store kept',
    'results get a --store kept --json',
    'results export --algorithm romanisation --store kept',
    'results export --algorithm romanisation --format csv --store kept',
    'results export --algorithm romanisation --format parquet --store kept',
    'results export --algorithm failures --store kept',
    'try romanisation song.lrc',
    'try romanisation song.lrc --json',
  ])('on stdout is told in one line: %s', async (command) => {
    expect(await shell(`backfill ${command} > /dev/full`)).toEqual({ code: 3, stdout: '', stderr: NO_SPACE });
  });

  test.concurrent('on a disk that fills up is not taken for written', async () => {
    // The limit is 512 bytes a block: a write over it comes back short, as on a full disk, and the next one fails.
    const { code, stderr } = await shell(
      `trap '' XFSZ; ulimit -f 1; exec backfill algorithms --json > short.json`,
    );
    expect([code, stderr]).toEqual([3, 'backfill: could not write to standard output: file too large\n']);
    expect((await readFile(join(folder, 'short.json'))).length).toBeGreaterThan(0);
  });

  test.concurrent('on stderr is told by the exit code alone, and costs no result', async () => {
    const { code, stdout } = await shell(
      'backfill run manifest.csv -a romanisation --store quiet --json 2> /dev/full',
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'finished',
      algorithms: { romanisation: { succeeded: 1 } },
    });
    expect((await shell('backfill verify --store quiet')).code).toBe(0);
  });

  test.concurrent('does not end a run', async () => {
    const { code } = await shell('backfill run manifest.csv -a romanisation --store full > /dev/full 2>&1');
    expect(code).toBe(3);
    expect((await shell('backfill verify --store full')).stdout).toContain('proven');
  });

  test('leaves the exit code of an error as it is', async () => {
    expect(await shell('backfill nonsense 2> /dev/full')).toEqual({ code: 2, stdout: '', stderr: '' });
  });

  test.concurrent.each(['>&-', '2>&-', '>&- 2>&- <&-'])(
    'because it is closed (%s) is no concern of a run',
    async (closed) => {
      const store = `closed${closed.length}`;
      const { code } = await shell(`backfill run manifest.csv -a romanisation --store ${store} ${closed}`);
      expect(code).toBe(1);
      expect((await shell(`backfill verify --store ${store}`)).code).toBe(0);
    },
  );
});

test('one place prints', () => {
  const files = readdirSync(CLI, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const printing = files.filter((name) =>
    /std(?:out|err)\.write\(|console\./.test(readFileSync(join(CLI, name), 'utf8')),
  );
  expect(printing).toEqual([]);
});
