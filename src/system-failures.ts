/**
 * What it means when the operating system refuses something: a full or broken file system, a limit of this
 * process or machine. None of it is the fault of the track that happened to be in work.
 */
import { lstatSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BackfillError, environmentError } from './errors.ts';

/** What was read or written when it was refused. */
export interface Place {
  /** For messages: `the store`. */
  readonly what: string;
  /** Its folder; it need not exist any more. */
  readonly folder: string;
  /** What else can be done than to mend its file system. */
  readonly instead?: string;
}

interface FileSystem {
  readonly mountPoint: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Whether it has no room for more files, however small; some file systems do not count them. */
  readonly hasNoInodes: boolean;
}

/**
 * The error of a system call behind `error`, which may have wrapped it; undefined where there is none, or where it has
 * been explained already.
 */
export function systemErrorOf(error: unknown): NodeJS.ErrnoException | undefined {
  for (let thrown = error; thrown instanceof Error; thrown = thrown.cause) {
    if (thrown instanceof BackfillError) return undefined;
    const { code } = thrown as NodeJS.ErrnoException;
    if (code !== undefined && (SYSTEM_CODE.test(code) || BROKEN.includes(code))) return thrown;
  }
  return undefined;
}

/** Whether the disk, or what this user may have of it, is used up. */
export function isOutOfSpace(error: unknown): boolean {
  return OUT_OF_SPACE.includes(systemErrorOf(error)?.code ?? '');
}

/**
 * What an error of the operating system means for whoever runs backfill. With a `place`, also what a broken
 * file system means for it; without, limits of the process and machine alone.
 *
 * Codes: `disk-full`, `disk-read-only`, `disk-failed`, `open-file-limit`, `file-size-limit`, `process-limit`,
 * `no-memory`.
 *
 * @returns undefined for an error that says nothing of the kind
 */
export function systemFailure(error: unknown, place?: Place): BackfillError | undefined {
  const found = systemErrorOf(error);
  if (found === undefined) return undefined;
  return limitFailure(found) ?? (place === undefined ? undefined : diskFailure(found, place));
}

/** `ENOENT`; not `ERR_INVALID_ARG_TYPE`, which is Node's own. */
const SYSTEM_CODE = /^E[A-Z0-9]+$/;
const OUT_OF_SPACE: readonly string[] = ['ENOSPC', 'EDQUOT'];
/** The device does not answer, or what was mounted is gone. (EUCLEAN: a damaged file system; libuv does not name it.) */
const BROKEN: readonly string[] = [
  'EIO',
  'ESTALE',
  'ENOTCONN',
  'ENODEV',
  'ENXIO',
  'EUCLEAN',
  'Unknown system error -117',
];

/** The limits of this process are inherited, so that the shell that starts it is where they are raised. */
function limitFailure(cause: NodeJS.ErrnoException): BackfillError | undefined {
  switch (cause.code) {
    case 'EMFILE':
      return environmentError(
        'open-file-limit',
        `this process may not open more files: its limit (ulimit -n) is ${softLimit('open_files')}`,
        { cause, hint: 'raise the limit, as with `ulimit -n 4096`, then try again' },
      );
    case 'ENFILE':
      return environmentError(
        'open-file-limit',
        'this machine may not open more files: its limit (sysctl fs.file-max) is reached',
        { cause, hint: 'raise that limit, or end what has so many files open, then try again' },
      );
    case 'EFBIG':
      return environmentError(
        'file-size-limit',
        `a file may not grow further: the limit (ulimit -f) is ${softLimit('file_size_blocks')} bytes, or its file system has one`,
        { cause, hint: 'raise the limit, as with `ulimit -f unlimited`, then try again' },
      );
    case 'EAGAIN':
      if (!isStart(cause)) return undefined;
      return environmentError(
        'process-limit',
        `no further process could be started: the limit (ulimit -u) is ${softLimit('max_user_processes')}, and a container may have a lower one`,
        {
          cause,
          hint: "raise the limit, or the container's limit of processes, or lower --concurrency, then try again",
        },
      );
    case 'E2BIG':
      return environmentError(
        'process-limit',
        'a process could not be started: its arguments and the environment take more room than the system allows',
        { cause, hint: 'unset large environment variables, then try again' },
      );
    case 'ENOMEM':
      return environmentError('no-memory', `this machine has no memory left (${wordsOf(cause)})`, {
        cause,
        hint: 'lower --concurrency, or use a machine with more memory, then try again',
      });
    default:
      return undefined;
  }
}

function diskFailure(
  cause: NodeJS.ErrnoException,
  { what, folder, instead }: Place,
): BackfillError | undefined {
  const { code = '' } = cause;
  const system = fileSystemOf(folder);
  const where = system === undefined ? '' : `the file system at ${system.mountPoint}`;
  const subject = `${what} in ${folder}`;
  const hint = (mend: string) => `${mend}${instead === undefined ? '' : `, or ${instead}`}, then try again`;
  if (code === 'EDQUOT') {
    const message = `the disk quota for ${subject} is used up${where && `, on ${where}`}`;
    return environmentError('disk-full', message, { cause, hint: hint('make room there') });
  }
  if (code === 'ENOSPC') {
    const message = `no room is left for ${subject}${where && `: ${roomOf(where, system)}`}`;
    return environmentError('disk-full', message, { cause, hint: hint('make room there') });
  }
  if (code === 'EROFS') {
    const message = `${subject} can not be written: ${where || 'its file system'} is read-only`;
    return environmentError('disk-read-only', message, { cause, hint: hint('make it writable') });
  }
  if (!BROKEN.includes(code)) return undefined;
  const message = `${subject} can not be used: ${wordsOf(cause)}${where && `, on ${where}`}`;
  return environmentError('disk-failed', message, {
    cause,
    hint: hint('see whether that file system is well and still mounted (dmesg, mount)'),
  });
}

/** What did not fit has been removed by the time that this is told. */
function roomOf(where: string, system: FileSystem | undefined): string {
  if (system === undefined) return where;
  if (system.hasNoInodes) return `${where} holds as many files as it can (its inodes are used up)`;
  const { freeBytes, totalBytes } = system;
  return `what was to be written did not fit on ${where} (${megabytes(totalBytes)}, of which ${megabytes(freeBytes)} are free without it)`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The file system that a folder is on, or would be on if it existed; undefined where that can not be told. */
export function fileSystemOf(folder: string): FileSystem | undefined {
  try {
    let path = resolve(folder);
    while (deviceOf(path) === undefined && dirname(path) !== path) path = dirname(path);
    const device = deviceOf(path);
    const { bavail, blocks, bsize, ffree, files } = statfsSync(path);
    while (dirname(path) !== path && deviceOf(dirname(path)) === device) path = dirname(path);
    return {
      mountPoint: path,
      freeBytes: bavail * bsize,
      totalBytes: blocks * bsize,
      hasNoInodes: files > 0 && ffree === 0,
    };
  } catch {
    return undefined;
  }
}

function deviceOf(path: string): number | undefined {
  try {
    return lstatSync(path).dev;
  } catch {
    return undefined;
  }
}

/** Whether a process was being started. */
function isStart({ syscall = '' }: NodeJS.ErrnoException): boolean {
  return syscall.startsWith('spawn') || syscall === 'fork';
}

/** `EIO: i/o error, read` without the first word, the call and its path. */
export function wordsOf({ message }: Error): string {
  return message.replace(/^[A-Z][A-Z0-9]+: /, '').replace(/, \w+(?: '.*')?$/s, '');
}

/** A limit of this process, asked without opening a file: that may be just what is impossible. */
function softLimit(name: 'open_files' | 'file_size_blocks' | 'max_user_processes'): string {
  // Node's types lack this switch: nodejs.org/api/process.html#processreportexcludenetwork.
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork: boolean };
  report.excludeNetwork = true;
  const { userLimits } = report.getReport() as unknown as {
    readonly userLimits?: Readonly<Record<string, { readonly soft: number | string }>>;
  };
  return String(userLimits?.[name]?.soft ?? 'not known');
}
