import { Command, Option } from 'commander';
import type { SupervisorMessage } from '../worker/messages.ts';
import type { ExitSlot } from './exit.ts';

/** `backfill attempt`: the process in which a worker's shard is really worked. Started by `worker` alone. */
export function attemptCommand(exit: ExitSlot): Command {
  return new Command('attempt')
    .description('works a shard under the eyes of a worker')
    .argument('<submission>')
    .addOption(new Option('--scratch <folder>').makeOptionMandatory())
    .action(async (submission: string, { scratch }: { readonly scratch: string }) => {
      if (process.send === undefined) {
        throw new Error('backfill attempt is started by backfill worker: use that');
      }
      const [drain, stop] = [new AbortController(), new AbortController()];
      const begun = new Promise<Extract<SupervisorMessage, { kind: 'begin' }>>((resolve) => {
        process.on('message', (message: SupervisorMessage) => {
          if (message.kind === 'begin') return resolve(message);
          drain.abort();
          setTimeout(() => stop.abort(), message.graceSeconds * 1000).unref();
        });
      });
      // The supervisor is gone. What is in flight is finished and committed: nobody waits with a clock.
      process.on('disconnect', () => drain.abort());
      process.on('SIGTERM', () => drain.abort());
      process.on('SIGINT', () => {});
      // Whoever read this process's output may be gone as well.
      process.stdout.on('error', () => {});
      process.stderr.on('error', () => {});
      const { attemptShard } = await import('../compose.ts');
      const { crash } = await begun;
      exit.code = await attemptShard({
        submission,
        index: Number(process.env.AWS_BATCH_JOB_ARRAY_INDEX ?? 0),
        scratchDirectory: scratch,
        crash,
        drain: drain.signal,
        stop: stop.signal,
        report: (message) => {
          if (process.connected) process.send?.(message, undefined, {}, () => {});
        },
      });
      if (process.connected) process.disconnect();
    });
}
