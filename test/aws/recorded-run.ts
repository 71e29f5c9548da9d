import type { FunctionTask } from '../fake-aws/batch/function-runner.ts';
import type { RecordedRequest } from '../fake-aws/batch/fake-batch.ts';
import { type Account, openAccount } from './account.ts';
import { TINY_SHARDS, manyTracks } from './many-shards.ts';

/** Two array jobs and a plain one. */
const TRACKS = 5;
const ON_BATCH = ['--executor', 'batch', '--array-size', '2'];

export const IMAGE: string = `123456789012.dkr.ecr.us-east-1.amazonaws.com/backfill@sha256:${'5e'.repeat(32)}`;

/** How the definitions of the recorded run are registered. */
export const REGISTER: readonly string[] =
  `jobdefs register --image ${IMAGE} --job-role ${roleArn('job')} --execution-role ${roleArn('execution')}`.split(
    ' ',
  );

export interface RecordedRun {
  /** In the order in which they were sent. */
  readonly requests: readonly RecordedRequest[];
  /** The ids of the jobs that were submitted, by name. */
  readonly jobIds: ReadonlyMap<string, string>;
}

/**
 * What backfill sends to AWS Batch, CloudWatch Logs and ECR in the life of a run: definitions registered, a
 * look at the account, a canary, jobs submitted (the answer to one of which is lost) that fail, their logs; a resume
 * with more memory, a look at it, and its cancelling.
 */
export async function recordRun(): Promise<RecordedRun> {
  let worker = fails;
  const account = await openAccount({
    batch: {
      runner: { kind: 'function', run: (task) => worker(task) },
      vcpus: TRACKS,
      // It has those that are registered alone.
      definitions: [],
      images: [{ repository: 'backfill', digest: IMAGE.split('@')[1] ?? '', tags: [], bytes: 1 }],
    },
  });
  try {
    const { manifest } = await manyTracks(account, TRACKS);
    await command(account, 0, REGISTER);
    // Roles and buckets of the account that it looks at are not all there.
    await command(account, undefined, ['doctor', '--executor', 'batch']);
    // Its worker fails, as all do here.
    await command(account, 3, ['doctor', '--executor', 'batch', '--canary']);
    account.batch.failNext('SubmitJob', 'loseResponse');
    await command(account, 3, ['run', manifest, ...TINY_SHARDS, ...ON_BATCH]);
    await command(account, 0, ['logs', '--shard', '0']);
    worker = staysUntilTerminated;
    await command(account, 0, ['resume', '--memory', '4096', '--detach']);
    await account.batch.waitFor(() => account.batch.running().length === TRACKS);
    await command(account, 0, ['status']);
    await command(account, 0, ['cancel']);
    const { requests, counters } = account.batch;
    const names = [...counters.submitted.keys()];
    return {
      requests: [...requests],
      jobIds: new Map(names.map((name) => [name, account.batch.jobsNamed(name)[0] ?? ''])),
    };
  } finally {
    await account.close();
  }
}

async function command(account: Account, code: number | undefined, args: readonly string[]): Promise<void> {
  const ended = await account.backfill(args);
  if (code === undefined || ended.code === code) return;
  throw new Error(`backfill ${args.join(' ')} ended with ${ended.code}: ${ended.stderr}`);
}

async function fails({ log }: FunctionTask): Promise<number> {
  log('it was not to be');
  return 1;
}

async function staysUntilTerminated({ terminated }: FunctionTask): Promise<number> {
  if (!terminated.aborted) {
    await new Promise((resolve) => terminated.addEventListener('abort', resolve, { once: true }));
  }
  return 143;
}

function roleArn(name: string): string {
  return `arn:aws:iam::123456789012:role/backfill-${name}`;
}
