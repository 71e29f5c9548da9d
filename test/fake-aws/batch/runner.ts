/**
 * The port of what runs containers: as processes, as containers of a Docker engine, or as functions of
 * the test itself. A runner knows nothing of jobs, retries or queues.
 */
import type { ContainerProperties } from '@aws-sdk/client-batch';

/** What is to be run: one attempt of one job. */
export interface Task {
  /** Unique among all attempts; hexadecimal, as an ECS task's. */
  readonly id: string;
  readonly container: ContainerProperties;
  readonly command: readonly string[];
  /** All that it gets: definition, overrides, and what Batch sets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMebibytes: number;
  /** One line of its stdout or stderr, without the line's end. */
  readonly log: (line: string) => void;
}

/** How a task ended. */
export interface TaskEnd {
  /** 128 + the signal's number for what a signal ended; absent where it never ran. */
  readonly exitCode?: number;
  /** It was ended by {@link RunningTask.kill}. */
  readonly killed?: boolean;
  readonly outOfMemory?: boolean;
  /** Why it never ran, as ECS words it: `CannotPullContainerError: ...`. */
  readonly failedToStart?: string;
}

export interface RunningTask {
  /** Resolves once it runs; never, where it failed to start. */
  readonly started: Promise<void>;
  /** Never rejects. */
  readonly ended: Promise<TaskEnd>;
  /** SIGTERM to its main process, once it has started. */
  terminate(): void;
  /** SIGKILL to all its processes. */
  kill(): void;
}

export interface Runner {
  start(task: Task): RunningTask;
  /** Ends what still runs, and takes away what it left behind. */
  close(): Promise<void>;
}

/** A runner of tasks that `start` begins, and that are killed when it is closed. */
export function taskRunner(start: (task: Task) => RunningTask): Runner {
  const running = new Set<RunningTask>();
  return {
    start(task) {
      const started = start(task);
      running.add(started);
      void started.ended.then(() => running.delete(started));
      return started;
    },
    async close() {
      const left = [...running];
      for (const task of left) task.kill();
      await Promise.all(left.map((task) => task.ended));
    },
  };
}
