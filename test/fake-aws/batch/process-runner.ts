/**
 * Runs a task as a process of this machine: the image is ignored, a command of the test's stands for its
 * entry point. As in a container, SIGTERM reaches the main process alone, nothing is inherited from the
 * environment of the tests but PATH, HOME and TMPDIR, and when the main process is gone so is its group.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Runner, RunningTask, Task, TaskEnd } from './runner.ts';

/** Marks a task's processes, so that those which left its process group are found too. */
const MARK = 'FAKE_BATCH_TASK';
/** How long output may still come when the main process has ended and something else holds its pipes. */
const LAST_OUTPUT_MILLISECONDS = 1000;

export interface ProcessRunnerOptions {
  /** Stands for the image's entry point: the job's command is appended to it. */
  readonly command: readonly string[];
  readonly workingDirectory?: string | undefined;
}

export function processRunner(options: ProcessRunnerOptions): Runner {
  const running = new Map<string, RunningTask>();
  const killAll = (): void => {
    for (const task of running.values()) task.kill();
  };
  // Tests that are broken off leave nothing behind either.
  process.once('exit', killAll);
  return {
    start(task) {
      const started = startProcess(options, task);
      running.set(task.id, started);
      void started.ended.then(() => running.delete(task.id));
      return started;
    },
    async close() {
      process.off('exit', killAll);
      const ended = [...running.values()].map((task) => task.ended);
      killAll();
      await Promise.all(ended);
    },
  };
}

function startProcess({ command, workingDirectory }: ProcessRunnerOptions, task: Task): RunningTask {
  const [program = '', ...words] = [...command, ...task.command];
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  const child = spawn(program, words, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(workingDirectory === undefined ? {} : { cwd: workingDirectory }),
    env: { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...task.environment, [MARK]: task.id },
  });
  let killed = false;
  const output = Promise.all([readLines(child.stdout, task.log), readLines(child.stderr, task.log)]);
  return {
    started: new Promise((resolve) => child.once('spawn', resolve)),
    ended: endOf(child, output).then((end) => ({ ...end, killed })),
    terminate: () => {
      child.kill('SIGTERM');
    },
    kill: () => {
      killed = true;
      killGroup(child.pid);
      for (const pid of processesOf(task.id)) killGroup(pid);
    },
  };
}

async function endOf(child: ChildProcess, output: Promise<unknown>): Promise<TaskEnd> {
  const end = await new Promise<TaskEnd>((resolve) => {
    child.once('error', (error) => resolve({ failedToStart: `CannotStartContainerError: ${error.message}` }));
    child.once('exit', (code, signal) => resolve({ exitCode: code ?? 128 + signalNumber(signal) }));
  });
  // A container's processes do not outlive its first one.
  killGroup(child.pid);
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise((resolve) => {
    timer = setTimeout(resolve, LAST_OUTPUT_MILLISECONDS);
  });
  await Promise.race([output, enough]);
  clearTimeout(timer);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return end;
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal];
}

async function readLines(stream: Readable, log: (line: string) => void): Promise<void> {
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', log);
  await once(lines, 'close');
}

/** SIGKILL to a process and to the group that it leads, if either is still there. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

/** The processes that carry a task's mark, where the system tells (Linux); elsewhere none. */
function processesOf(taskId: string): number[] {
  const mark = `${MARK}=${taskId}\0`;
  const pids: number[] = [];
  let entries: string[] = [];
  try {
    entries = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  } catch {
    return pids;
  }
  for (const entry of entries) {
    try {
      if (readFileSync(`/proc/${entry}/environ`, 'latin1').includes(mark)) pids.push(Number(entry));
    } catch {
      // It ended between the listing and the look, or is not ours to look at.
    }
  }
  return pids;
}
