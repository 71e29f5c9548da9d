/**
 * Runs a task as a function of the test: for tests of what surrounds a job, which need no process.
 */
import { type Runner, type RunningTask, type Task, type TaskEnd, taskRunner } from './runner.ts';

export interface FunctionTask {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  /** Aborted by SIGTERM. */
  readonly terminated: AbortSignal;
  /** Aborted by SIGKILL: whatever the function returns after that is not heard. */
  readonly killed: AbortSignal;
}

/** Returns the exit code. What it throws is logged, and exits 1. */
export type TaskFunction = (task: FunctionTask) => number | Promise<number>;

export function functionRunner(run: TaskFunction): Runner {
  return taskRunner((task) => startFunction(run, task));
}

function startFunction(run: TaskFunction, task: Task): RunningTask {
  const term = new AbortController();
  const kill = new AbortController();
  const { command, environment, log } = task;
  const killed = new Promise<TaskEnd>((resolve) => {
    kill.signal.addEventListener('abort', () => resolve({ exitCode: 137, killed: true }), { once: true });
  });
  const started = Promise.withResolvers<void>();
  const returned = exitCodeOf(run, started.resolve, {
    command,
    environment,
    log: (line) => {
      if (!kill.signal.aborted) log(line);
    },
    terminated: term.signal,
    killed: kill.signal,
  });
  return {
    started: started.promise,
    ended: Promise.race([killed, returned.then((exitCode): TaskEnd => ({ exitCode }))]),
    terminate: () => term.abort(),
    kill: () => kill.abort(),
  };
}

async function exitCodeOf(run: TaskFunction, started: () => void, task: FunctionTask): Promise<number> {
  // In a turn of its own: what started it is done by then.
  await new Promise(setImmediate);
  started();
  try {
    return await run(task);
  } catch (error) {
    task.log(String(error));
    return 1;
  }
}
