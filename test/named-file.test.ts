import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createReadStream } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openNamedFile } from '../src/named-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-named-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const makeFifo = (name: string) => promisify(execFile)('mkfifo', [at(name)]);

async function* chunks(...texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

async function* breaking(): AsyncGenerator<string> {
  yield 'half';
  throw new Error('the source broke');
}

async function write(name: string, ...texts: readonly string[]): Promise<void> {
  await (await openNamedFile(at(name))).write(chunks(...texts));
}

describe('a regular file', () => {
  test('is made, whole', async () => {
    await write('new', 'one,', 'two');
    expect(await readFile(at('new'), 'utf8')).toBe('one,two');
    expect(await readdir(folder)).toEqual(['new']);
  });

  test('is replaced, and keeps its mode; who has it open reads what was there', async () => {
    await writeFile(at('old'), 'before');
    await chmod(at('old'), 0o640);
    const { ino } = await stat(at('old'));
    await link(at('old'), at('another name'));
    await write('old', 'after');
    expect(await readFile(at('old'), 'utf8')).toBe('after');
    expect((await stat(at('old'))).mode & 0o7777).toBe(0o640);
    expect(await readFile(at('another name'), 'utf8')).toBe('before');
    expect((await stat(at('another name'))).ino).toBe(ino);
  });

  test('is left as it was, and nothing beside it, when what was to be written breaks off', async () => {
    await writeFile(at('old'), 'before');
    const named = await openNamedFile(at('old'));
    await expect(named.write(breaking())).rejects.toThrow('the source broke');
    expect(await readFile(at('old'), 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['old']);
  });

  test('does not touch files whose names look like a temporary one', async () => {
    await writeFile(at('x.part'), 'mine');
    await writeFile(at('.x.part'), 'mine too');
    await write('x', 'new');
    expect(await readFile(at('x.part'), 'utf8')).toBe('mine');
    expect(await readFile(at('.x.part'), 'utf8')).toBe('mine too');
  });

  test('may have a name as long as names can be', async () => {
    await write('n'.repeat(255), 'new');
    expect(await readdir(folder)).toEqual(['n'.repeat(255)]);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s leaves nothing half-made', async (signal) => {
    const program = `
      const { openNamedFile } = await import(${JSON.stringify(new URL('../src/named-file.ts', import.meta.url))});
      async function* endless() {
        yield 'half';
        console.log('written');
        setInterval(() => {}, 1000);
        await new Promise(() => {});
      }
      await (await openNamedFile(${JSON.stringify(at('x'))})).write(endless());`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(await readdir(folder)).toHaveLength(1);
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([null, signal]);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a link', () => {
  test('stays, and what it points to is replaced', async () => {
    await mkdir(at('elsewhere'));
    await writeFile(at('elsewhere/target'), 'before');
    await symlink('elsewhere/target', at('first'));
    await symlink('first', at('second'));
    await write('second', 'after');
    expect(await readlink(at('second'))).toBe('first');
    expect(await readlink(at('first'))).toBe('elsewhere/target');
    expect(await readFile(at('elsewhere/target'), 'utf8')).toBe('after');
    expect(await readdir(at('elsewhere'))).toEqual(['target']);
  });

  test('that leads nowhere yet is led somewhere', async () => {
    await mkdir(at('a/b'), { recursive: true });
    await symlink('a/b', at('short'));
    // Up from where the link leads, not from where it lies.
    await symlink('short/../target', at('link'));
    await write('link', 'made');
    expect((await lstat(at('link'))).isSymbolicLink()).toBe(true);
    expect(await readFile(at('a/target'), 'utf8')).toBe('made');
  });

  test('to itself is refused', async () => {
    await symlink('loop', at('loop'));
    await expect(openNamedFile(at('loop'))).rejects.toThrow(
      /could not write '.*loop': too many symbolic links/,
    );
  });
});

describe('what is no regular file is written into', () => {
  test('a FIFO', async () => {
    await makeFifo('fifo');
    const read = text(createReadStream(at('fifo')));
    await write('fifo', 'one,', 'two');
    expect(await read).toBe('one,two');
    expect((await lstat(at('fifo'))).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(['fifo']);
  });

  test('a FIFO behind a link', async () => {
    await makeFifo('fifo');
    await symlink('fifo', at('link'));
    const read = text(createReadStream(at('link')));
    await write('link', 'through');
    expect(await read).toBe('through');
    expect((await lstat(at('link'))).isSymbolicLink()).toBe(true);
  });

  test('a FIFO whose reader leaves early is no error', async () => {
    await makeFifo('fifo');
    const head = spawn('head', ['-c', '1', at('fifo')], { stdio: ['ignore', 'ignore', 'inherit'] });
    const over = once(head, 'close');
    async function* afterwards(): AsyncGenerator<string> {
      yield 'first';
      await over;
      yield 'second';
    }
    await (await openNamedFile(at('fifo'))).write(afterwards());
  });

  test('a device', async () => {
    await (await openNamedFile('/dev/null')).write(chunks('gone'));
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    await expect((await openNamedFile('/dev/full')).write(chunks('too much'))).rejects.toMatchObject({
      code: 'not-writable',
      fault: 'environment',
      message: "could not write '/dev/full': no space left on device",
    });
  });
});

describe('is refused before anything is written', () => {
  test.each([
    ['a folder', '.', /is a folder$/],
    ['a folder that is missing', 'missing/x', /there is no folder '.*missing' to write '.*x' in$/],
    ['a folder that is a file', 'file/x', /'.*file' is no folder$/],
    ['a name that asks for a folder', 'missing/', /there is no folder '.*missing\/'$/],
  ])('%s', async (_, name, message) => {
    await writeFile(at('file'), '');
    await expect(openNamedFile(`${folder}/${name}`)).rejects.toMatchObject({
      code: 'not-writable',
      fault: 'usage',
      message: expect.stringMatching(message),
    });
    expect(await readdir(folder)).toEqual(['file']);
  });
});
