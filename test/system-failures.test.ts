import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentError } from '../src/errors.ts';
import { fileSystemOf, isOutOfSpace, systemFailure } from '../src/system-failures.ts';

const PLACE = { what: 'the store', folder: join(tmpdir(), 'not', 'there', 'any', 'more') };

describe('what the operating system refuses', () => {
  it.each([
    ['ENOSPC', 'disk-full', /^no room is left for the store in .*: .* did not fit on the file system at \//],
    ['EDQUOT', 'disk-full', /^the disk quota for the store in .* is used up, on the file system at \//],
    ['EROFS', 'disk-read-only', /can not be written: the file system at \/\S* is read-only/],
    ['EIO', 'disk-failed', /can not be used: words, on the file system at \//],
    ['ESTALE', 'disk-failed', /can not be used: words/],
    ['EMFILE', 'open-file-limit', /\(ulimit -n\) is (\d+|unlimited)$/],
    ['ENFILE', 'open-file-limit', /fs.file-max/],
    ['EFBIG', 'file-size-limit', /ulimit -f/],
    ['ENOMEM', 'no-memory', /no memory left \(words\)/],
    ['E2BIG', 'process-limit', /environment/],
  ])('%s is %s, says where, and what to do', (code, expected, message) => {
    const failure = systemFailure(refused(code, 'write'), PLACE);
    expect(failure).toMatchObject({
      code: expected,
      fault: 'environment',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/try again$/),
    });
  });

  it('is of the machine behind whatever has wrapped it, and is explained once', () => {
    const wrapped = new Error('reading broke off', { cause: refused('ENOSPC', 'write') });
    expect(isOutOfSpace(wrapped)).toBe(true);
    expect(systemFailure(wrapped, PLACE)?.code).toBe('disk-full');
    const explained = environmentError('disk-full', 'of another folder', { cause: wrapped });
    expect(systemFailure(explained, PLACE)).toBeUndefined();
  });

  it('is a limit of processes only where one is being started', () => {
    expect(systemFailure(refused('EAGAIN', 'spawn ffmpeg'))?.message).toMatch(/ulimit -u\) is \S+,/);
    expect(systemFailure(refused('EAGAIN', 'read'))).toBeUndefined();
  });

  it('is left as it is where it may be anybody', () => {
    for (const code of ['ENOENT', 'EACCES', 'ECONNRESET']) {
      expect(systemFailure(refused(code, 'open'), PLACE)).toBeUndefined();
    }
    // Without a place that it is of, a disk is not to be named.
    expect(systemFailure(refused('ENOSPC', 'write'))).toBeUndefined();
    expect(systemFailure(new TypeError('x is not a function'), PLACE)).toBeUndefined();
  });
});

it('finds the file system that a folder is on, or was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'file-system-'));
  const found = fileSystemOf(join(folder, 'gone', 'long'));
  await rm(folder, { recursive: true });
  const { blocks, bsize } = await statfs(found?.mountPoint ?? '');
  expect(found?.totalBytes).toBe(blocks * bsize);
  expect(folder.startsWith(found?.mountPoint ?? 'nowhere')).toBe(true);
});

function refused(code: string, syscall: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: words, ${syscall}`), { code, syscall });
}
