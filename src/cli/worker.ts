import { tmpdir } from 'node:os';
import { Command, Option } from 'commander';
import type { ExitSlot } from './exit.ts';
import { graceOption } from './options.ts';
import { say } from './output.ts';
import { renderError } from './render/error.ts';
import { SELF_COMMAND } from './self-command.ts';

interface WorkerOptions {
  readonly scratch: string;
  readonly grace: number;
}

/** `backfill worker`: what a Batch container runs, and the local executor starts. */
export function workerCommand(exit: ExitSlot): Command {
  return new Command('worker')
    .description('works one shard of a submission: the array index says which')
    .argument('<submission>', 'the URI of the submission: <store>/runs/<run>/submissions/<n>.json')
    .addOption(new Option('--scratch <folder>', 'for files in the making').default(tmpdir()))
    .addOption(graceOption())
    .action(async (submission: string, { scratch, grace }: WorkerOptions) => {
      const { WORKER_EXIT } = await import('../worker/messages.ts');
      const { spotNotice } = await import('../worker/spot-notice.ts');
      const { supervise } = await import('../worker/supervisor.ts');
      const [drain, stop] = [new AbortController(), new AbortController()];
      // In the place of the early one of bin/backfill.js.
      process.removeAllListeners('SIGTERM').on('SIGTERM', () => drain.abort());
      // A terminal's Ctrl-C is for the command that started this worker; it passes on what it means.
      process.on('SIGINT', () => {});
      // Nor does it outlive that command, where there is one.
      process.on('disconnect', () => drain.abort());
      if (process.send !== undefined && !process.connected) drain.abort();
      process.on('message', () => stop.abort());
      const over = new AbortController();
      void spotNotice({ signal: over.signal, environment: process.env }).then((isComing) => {
        if (isComing) drain.abort();
        return isComing;
      });
      try {
        exit.code = await supervise({
          attemptArguments: [...SELF_COMMAND.slice(1), 'attempt', submission],
          scratchDirectory: scratch,
          graceSeconds: grace,
          reclaims: Math.max(0, Number(process.env.AWS_BATCH_JOB_ATTEMPT ?? 1) - 1),
          drain: drain.signal,
          stop: stop.signal,
          onProgress: (progress) => {
            process.send?.({ ...progress, kind: 'progress' }, undefined, {}, () => {});
          },
          onNotice: (message) => say(`backfill: ${message}\n`),
        });
      } catch (error) {
        say(renderError(error).text);
        exit.code = WORKER_EXIT.unable;
      } finally {
        over.abort();
        // An open channel would keep this process from ending.
        if (process.connected) process.disconnect();
      }
    });
}
