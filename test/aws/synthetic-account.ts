/** An account in which a {@link SyntheticRun} is under way: its records in S3, its array jobs in Batch. */
import { BatchClient, SubmitJobCommand } from '@aws-sdk/client-batch';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { jobName } from '../../src/run/array-jobs.ts';
import { parseSubmissionUri, submissionUri } from '../../src/worker/assignment.ts';
import type { FunctionTask } from '../fake-aws/batch/function-runner.ts';
import { putPipelined } from '../fake-aws/s3/pipelined-puts.ts';
import { type Account, IS_THOROUGH, openAccount } from './account.ts';
import type { StoredEntry, SyntheticRun } from './synthetic-run.ts';
import { startTap } from './tap.ts';

const REAL_PUTS_AT_ONCE = 32;

export interface SyntheticAccount {
  readonly account: Account;
  /** Of S3, with requests counted. */
  readonly endpoint: string;
  /** Requests to `endpoint` by operation; cleared by whoever counts anew. */
  readonly requests: Map<string, number>;
  /** All of them. */
  requestCount(): number;
  close(): Promise<void>;
}

/** Opens the account. It takes a minute for 60,000 shards. */
export async function openSyntheticAccount(run: SyntheticRun): Promise<SyntheticAccount> {
  const requests = new Map<string, number>();
  const account = await openAccount({
    batch: {
      runner: { kind: 'function', run: (task) => asStored(run, task) },
      vcpus: run.count('under-way'),
    },
  });
  const tap = await startTap(account.env.AWS_ENDPOINT_URL_S3 ?? '', ({ method, path }, when) => {
    if (when === 'after') return;
    const operation = path.includes('list-type=2') ? 'ListObjectsV2' : `${method} of an object`;
    requests.set(operation, (requests.get(operation) ?? 0) + 1);
  });
  await store(account, run.entries(await submitJobs(account, run)));
  // The server of this process sorts its keys at the first listing after a write.
  await account.keys('backfill/runs/none/');
  const running = (): boolean => account.batch.running().length === run.count('under-way');
  const isDone = (): boolean => account.batch.counters.succeeded === run.count('finished') - run.firstShard;
  await account.batch.waitFor(() => isDone() && running(), {
    timeoutMilliseconds: 200_000,
    what: 'all children to be as the store has them',
  });
  return {
    account,
    endpoint: tap.endpoint,
    requests,
    requestCount: () => [...requests.values()].reduce((sum, count) => sum + count, 0),
    close: async () => {
      await tap.close();
      await account.close();
    },
  };
}

/** A worker whose shard is finished in the store has ended well; one under way goes on until it is ended. */
async function asStored(run: SyntheticRun, { command, environment, killed }: FunctionTask): Promise<number> {
  const { first } = parseSubmissionUri(command[1] ?? '');
  const shard = run.firstShard + first + Number(environment.AWS_BATCH_JOB_ARRAY_INDEX);
  if (run.stateOf(shard) === 'finished') return 0;
  await new Promise((resolve) => killed.addEventListener('abort', resolve, { once: true }));
  return 137;
}

/** @returns the ids of the array jobs */
async function submitJobs(account: Account, run: SyntheticRun): Promise<string[]> {
  const client = new BatchClient({
    endpoint: account.env.AWS_ENDPOINT_URL_BATCH ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { submission } = run.submission;
  const ids: string[] = [];
  for (const { job, first, size } of run.jobs) {
    const { jobId = '' } = await client.send(
      new SubmitJobCommand({
        jobName: jobName(run.run, submission, job),
        jobQueue: run.target.queue,
        jobDefinition: run.target.definition,
        arrayProperties: { size },
        parameters: {
          submission: submissionUri({ storeUri: account.store, run: run.run, submission, first }),
        },
      }),
    );
    ids.push(jobId);
  }
  client.destroy();
  return ids;
}

async function store(account: Account, entries: Iterable<StoredEntry>): Promise<void> {
  const objects = withinStore(entries);
  if (!IS_THOROUGH) {
    await putPipelined(account.env.AWS_ENDPOINT_URL_S3 ?? '', account.bucket, objects);
    return;
  }
  const limit = pLimit(REAL_PUTS_AT_ONCE);
  const put = ({ key: Key, bytes: Body }: StoredEntry) =>
    limit(() => account.s3.send(new PutObjectCommand({ Bucket: account.bucket, Key, Body })));
  await Promise.all([...objects].map(put));
}

function* withinStore(entries: Iterable<StoredEntry>): Generator<StoredEntry, void, undefined> {
  for (const { key, bytes } of entries) yield { key: `backfill/${key}`, bytes };
}
