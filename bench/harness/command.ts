/** Timing programs: wall time, CPU time of the whole process tree, and the largest process of it. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Unavailable } from './benchmark.ts';

export interface TimedCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly workingDirectory?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Fed to its standard input. */
  readonly input?: string;
  /** Exit codes that are no failure; 0 alone by default. */
  readonly accepted?: readonly number[];
}

export interface CommandFigures {
  readonly wallSeconds: number;
  /** User and system time of the program and of all children that it waited for. */
  readonly cpuSeconds: number;
  /** Peak resident memory of the largest process. */
  readonly peakBytes: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program under GNU time.
 * @throws Unavailable where GNU time or the program is missing; Error where it exits with a code not accepted
 */
export async function timeCommand(command: TimedCommand): Promise<CommandFigures> {
  const time = requireProgram('time', 'apt-get install time');
  const folder = await mkdtemp(join(tmpdir(), 'backfill-bench-time-'));
  const figures = join(folder, 'figures');
  try {
    const { code, stdout, stderr } = await run(
      time,
      [
        '--quiet',
        '--format',
        '%e %U %S %M',
        '--output',
        figures,
        '--',
        command.program,
        ...command.arguments,
      ],
      command,
    );
    if (!(command.accepted ?? [0]).includes(code)) {
      throw new Error(
        `${command.program} ${command.arguments.join(' ')} exited with ${code}: ${stderr.slice(-2000)}`,
      );
    }
    const [wall = 0, user = 0, system = 0, kibibytes = 0] = (await readFile(figures, 'utf8'))
      .trim()
      .split(' ')
      .map(Number);
    return { wallSeconds: wall, cpuSeconds: user + system, peakBytes: kibibytes * 1024, stdout, stderr };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The path of a program of this machine. @throws Unavailable with `hint` where there is none */
export function requireProgram(name: string, hint: string): string {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
  if (path === undefined) throw new Unavailable(`${name} is not installed: ${hint}`);
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function run(
  program: string,
  args: readonly string[],
  { workingDirectory, environment, input }: TimedCommand,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(program, args, {
    ...(workingDirectory === undefined ? {} : { cwd: workingDirectory }),
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [stdout, stderr]: string[][] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => stdout?.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr?.push(text));
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? -1));
  });
  return { code, stdout: (stdout ?? []).join(''), stderr: (stderr ?? []).join('') };
}
