/**
 * Child programs that read hostile input: started without the worker's environment, bounded in memory and
 * in what they may say, killed at once on abort, and never left behind.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { type BackfillError, environmentError, messageOf } from '../errors.ts';
import { TrackFailure } from '../failures.ts';
import { systemFailure } from '../system-failures.ts';
import { LineLog } from './line-log.ts';
import {
  findExecutable,
  forgetExecutable,
  installHint,
  type Program,
  requireProgram,
} from './program-path.ts';

/** Address space of one child: ffmpeg's own libraries take half of one GiB, long FLAC blocks little more. */
const ADDRESS_SPACE_BYTES = 4 * 1024 ** 3;

/**
 * What shells, prlimit, setpriv and the dynamic linker exit with where a program, or a library of it, is missing or may
 * not be run (POSIX 2.8.2; util-linux, include/exec_shell.h): that it was deleted, or is being replaced. None of ours
 * exits so by itself.
 */
const NOT_RUN: ReadonlySet<number> = new Set([126, 127]);

/** All that a child sees of the environment: no credentials, and no FFREPORT that would make it write files. */
const PASSED_ENVIRONMENT = [
  'PATH',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'DYLD_FALLBACK_LIBRARY_PATH',
];

export interface ProgramStart {
  readonly program: Program;
  readonly arguments: readonly string[];
  /** stdin, stdout and file descriptors 3 and up, in order; stderr goes to the log. Default: all ignored. */
  readonly stdin?: 'ignore' | 'pipe';
  readonly stdout?: 'ignore' | 'pipe';
  readonly extraPipes?: number;
  readonly signal: AbortSignal;
  /** Lines on stderr to be remembered wherever they stand. */
  readonly watchFor?: readonly RegExp[];
}

/** How a program ended. */
export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it was killed by {@link RunningProgram.stop} or abort, or was not run at all; undefined if it ended by itself. */
  readonly stopped: { readonly reason: unknown } | undefined;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly log: LineLog;
  /** Settles once the process is gone and stderr is read to its end; never rejects. */
  readonly exit: Promise<ProgramExit>;
  /** SIGKILL. The first reason counts. Its pipes are destroyed, so that nobody waits on them. */
  stop(reason: unknown): void;
}

/**
 * Starts a program; abort kills it. On Linux the kernel also kills it when the worker dies
 * (`setpriv --pdeathsig`) and bounds its memory (`prlimit`), where util-linux is installed.
 *
 * Throws the signal's reason if already aborted, and an environment error where the program is missing or
 * can not be started.
 */
export async function startProgram(start: ProgramStart): Promise<RunningProgram> {
  const path = await requireProgram(start.program);
  const [command = path, ...rest] = [...(await confinement()), path, ...start.arguments];
  start.signal.throwIfAborted();
  const child = await started(start.program, () =>
    spawn(command, rest, {
      stdio: [
        start.stdin ?? 'ignore',
        start.stdout ?? 'ignore',
        'pipe',
        ...Array<'pipe'>(start.extraPipes ?? 0).fill('pipe'),
      ],
      env: childEnvironment(),
      windowsHide: true,
    }),
  );

  const log = new LineLog(start.watchFor);
  let stopped: ProgramExit['stopped'];
  const stop = (reason: unknown): void => {
    if (stopped !== undefined || child.exitCode !== null || child.signalCode !== null) return;
    stopped = { reason };
    child.kill('SIGKILL');
    for (const stream of child.stdio) if (stream !== child.stderr) stream?.destroy();
  };
  const onAbort = (): void => stop(start.signal.reason);
  start.signal.addEventListener('abort', onAbort, { once: true });
  if (start.signal.aborted) onAbort();

  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const logged = new Promise<void>((resolve) => {
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => log.append(text));
    child.stderr?.once('close', resolve);
  });
  const exit = (async (): Promise<ProgramExit> => {
    const { code, signal } = await exited;
    start.signal.removeEventListener('abort', onAbort);
    await logged;
    log.end();
    if (stopped === undefined && code !== null && NOT_RUN.has(code)) {
      forgetExecutable(start.program);
      stopped = { reason: notRun(start.program, path, log.lines.at(-1)) };
    }
    return { code, signal, stopped };
  })();
  return { child, log, exit, stop };
}

/** Runs a program to its end and gives what it wrote on stdout, at most `maxOutputBytes`. Throws as {@link startProgram}, and the reason it was stopped for. */
export async function runProgram(
  start: Omit<ProgramStart, 'stdin' | 'stdout' | 'extraPipes'> & { readonly maxOutputBytes: number },
): Promise<{ readonly exit: ProgramExit; readonly stdout: string; readonly log: LineLog }> {
  const running = await startProgram({ ...start, stdout: 'pipe' });
  const chunks: Buffer[] = [];
  let bytes = 0;
  const { stdout } = running.child;
  const read = new Promise<void>((resolve) => {
    stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= start.maxOutputBytes) chunks.push(chunk);
      else {
        running.stop(
          new TrackFailure(
            'unsupported-format',
            `${start.program} said more than ${start.maxOutputBytes} bytes`,
          ),
        );
      }
    });
    stdout?.once('close', resolve);
  });
  const exit = await running.exit;
  if (exit.stopped !== undefined) throw exit.stopped.reason;
  await read;
  return { exit, stdout: Buffer.concat(chunks).toString('utf8'), log: running.log };
}

/** Starts a child and waits until the kernel has, or has not, done so: some refusals are thrown, others told later. */
async function started(program: Program, start: () => ChildProcess): Promise<ChildProcess> {
  let child: ChildProcess;
  try {
    child = start();
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
  } catch (error) {
    forgetExecutable(program);
    throw systemFailure(error) ?? notRun(program, undefined, messageOf(error));
  }
  // A later 'error' says that a signal could not be sent: the process is gone then.
  child.on('error', () => {});
  for (const stream of child.stdio) stream?.on('error', () => {});
  return child;
}

/** It was in its place when it was looked for. */
function notRun(program: Program, path: string | undefined, said: string | undefined): BackfillError {
  const message = `${program} can not be run: ${said ?? path ?? 'no word of why'}`;
  return environmentError('program-not-started', message, { hint: installHint(program) });
}

function childEnvironment(): NodeJS.ProcessEnv {
  const passed: NodeJS.ProcessEnv = { AV_LOG_FORCE_NOCOLOR: '1', LC_ALL: 'C' };
  for (const name of PASSED_ENVIRONMENT) {
    if (process.env[name] !== undefined) passed[name] = process.env[name];
  }
  return passed;
}

let confining: Promise<readonly string[]> | undefined;

/**
 * The commands put before a program, each of which replaces itself by the next: tried once, because
 * BusyBox has programs of the same names that know less.
 */
function confinement(): Promise<readonly string[]> {
  confining ??= (async () => {
    if (process.platform !== 'linux') return [];
    const [prlimit, setpriv] = await Promise.all([
      workingPrefix('prlimit', [`--as=${ADDRESS_SPACE_BYTES}`, '--core=0']),
      workingPrefix('setpriv', ['--pdeathsig', 'KILL']),
    ]);
    return [...prlimit, ...setpriv];
  })();
  return confining;
}

async function workingPrefix(name: string, options: readonly string[]): Promise<readonly string[]> {
  const [path, nothing] = await Promise.all([findExecutable(name), findExecutable('true')]);
  if (path === undefined || nothing === undefined) return [];
  try {
    await promisify(execFile)(path, [...options, nothing], { timeout: 10_000 });
    return [path, ...options];
  } catch {
    return [];
  }
}
