/** The command line as a user has it: the built program, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/backfill.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it is given on stdin. */
  readonly input?: string | Uint8Array;
}

/** A running backfill. */
export interface Running {
  readonly process: ChildProcess;
  /** Resolves once the program has ended and nothing holds its output any more. */
  readonly ended: Promise<Ended>;
  /** What it has said so far. */
  stderr(): string;
}

/** Starts a command. */
export function start(args: readonly string[], options: Options = {}): Running {
  return startProgram([process.execPath, PROGRAM, ...args], options);
}

/** Starts any program, which may start a command in its turn. */
export function startProgram([program = '', ...args]: readonly string[], options: Options = {}): Running {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A command may end before it has read what it is given.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { process: child, ended, stderr: () => stderr };
}

/** Runs a command to its end. */
export function backfill(args: readonly string[], options: Options = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** Waits until something is so, looking again and again. @throws when it is not within the time */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`never so within ${seconds} s: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Processes of this machine whose command line has all the words, by their number. (Linux and its /proc.) */
export async function processesWith(...words: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const commandLine = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (words.every((word) => commandLine.includes(word))) found.push(Number(entry));
  }
  return found;
}

/** Rows of `results export` by track and algorithm. */
export async function exportRows<R = Record<string, unknown>>(
  store: string,
  algorithm: string,
): Promise<R[]> {
  const args = ['results', 'export', '--algorithm', algorithm, '--store', store];
  const { code, stdout, stderr } = await backfill(args);
  if (code !== 0) throw new Error(stderr);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as R);
}
