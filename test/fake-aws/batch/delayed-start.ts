import type { Runner, RunningTask, Task, TaskEnd } from './runner.ts';

/** A runner whose tasks begin later: what is ended before has never run. */
export function delayedStart(runner: Runner, milliseconds: number): Runner {
  const waiting = new Set<RunningTask>();
  return {
    start(task) {
      const delayed = startLater(runner, task, milliseconds);
      waiting.add(delayed);
      void delayed.started.then(() => waiting.delete(delayed));
      void delayed.ended.then(() => waiting.delete(delayed));
      return delayed;
    },
    async close() {
      for (const task of waiting) task.kill();
      await runner.close();
    },
  };
}

function startLater(runner: Runner, task: Task, milliseconds: number): RunningTask {
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<TaskEnd>();
  let inner: RunningTask | undefined;
  const timer = setTimeout(() => {
    inner = runner.start(task);
    void inner.started.then(started.resolve);
    void inner.ended.then(ended.resolve);
  }, milliseconds);
  const giveUp = (): void => {
    clearTimeout(timer);
    ended.resolve({ killed: true });
  };
  return {
    started: started.promise,
    ended: ended.promise,
    terminate: () => (inner === undefined ? giveUp() : inner.terminate()),
    kill: () => (inner === undefined ? giveUp() : inner.kill()),
  };
}
