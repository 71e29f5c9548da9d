import { Command, Option } from 'commander';
import { BackfillError, usageError } from '../errors.ts';
import type { CrashReport } from '../run/checkpoint.ts';
import { isOutOfSpace, systemFailure } from '../system-failures.ts';
import { type AttemptMessage, type SupervisorMessage, WORKER_EXIT } from '../worker/messages.ts';
import type { ExitSlot } from './exit.ts';
import { say } from './output.ts';
import { renderError } from './render/error.ts';

/** For its last words to be written. */
const LINGER_MILLISECONDS = 1000;

interface AttemptCommandOptions {
  readonly attempt: string;
  readonly scratch: string;
  readonly crash?: CrashReport;
  readonly reclaims?: number;
}

/**
 * Leaves for what nobody caught: in good order, if it is the machine's failure; else as Node does, which counts as a
 * crash of the row in flight.
 */
function leaveFor(error: unknown): void {
  say(renderError(error).text);
  const isOfMachine =
    error instanceof BackfillError || systemFailure(error) !== undefined || isOutOfSpace(error);
  process.exit(isOfMachine ? WORKER_EXIT.unable : UNCAUGHT);
}

/** What Node exits with: nodejs.org/api/process.html#exit-codes. */
const UNCAUGHT = 1;

/** `backfill attempt`: the process in which a worker's shard is really worked. Started by `worker` alone. */
export function attemptCommand(exit: ExitSlot): Command {
  return new Command('attempt')
    .description('works a shard under the eyes of a worker')
    .argument('<submission>')
    .addOption(new Option('--attempt <name>').makeOptionMandatory())
    .addOption(new Option('--scratch <folder>').makeOptionMandatory())
    .addOption(new Option('--reclaims <n>').argParser(Number))
    .addOption(new Option('--crash <json>').argParser((json): CrashReport => JSON.parse(json)))
    .action(async (submission: string, { attempt, scratch, crash, reclaims }: AttemptCommandOptions) => {
      if (process.send === undefined) {
        throw usageError('not-a-worker', 'backfill attempt is started by backfill worker: use that');
      }
      const [drain, orphaned, stop] = [new AbortController(), new AbortController(), new AbortController()];
      process.on('message', ({ graceSeconds }: SupervisorMessage) => {
        drain.abort();
        setTimeout(() => stop.abort(), graceSeconds * 1000).unref();
      });
      // The supervisor is gone: what is in flight is finished and committed, and nobody waits with a clock.
      process.on('disconnect', () => orphaned.abort());
      if (!process.connected) orphaned.abort();
      process.on('SIGTERM', () => drain.abort());
      process.on('SIGINT', () => {});
      process.on('uncaughtException', leaveFor);
      const report = (message: AttemptMessage) => {
        if (process.connected) process.send?.(message, undefined, {}, () => {});
      };
      report({ kind: 'idle' });
      try {
        const { attemptShard } = await import('../compose.ts');
        exit.code = await attemptShard({
          submission,
          index: Number(process.env.AWS_BATCH_JOB_ARRAY_INDEX ?? 0),
          attempt,
          scratchDirectory: scratch,
          crash,
          reclaims,
          drain: drain.signal,
          orphaned: orphaned.signal,
          stop: stop.signal,
          report,
        });
      } catch (error) {
        say(renderError(error).text);
        exit.code = WORKER_EXIT.unable;
      } finally {
        // An open channel would keep this process from ending.
        if (process.connected) process.disconnect();
        // Nor does it wait for what is of no use any more, such as the pause before another try of a request.
        setTimeout(() => process.exit(), LINGER_MILLISECONDS).unref();
      }
    });
}
