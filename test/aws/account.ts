/**
 * An AWS account for tests: S3, and AWS Batch with its logs and images, at ports of this machine; and the
 * command line with the environment that leads there. S3 is a server of this process, or the real one that
 * BACKFILL_TEST_S3_ENDPOINT names (which `npm run test:aws` starts).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { RegisterJobDefinitionRequest } from '@aws-sdk/client-batch';
import {
  bundledPath,
  readDefinition,
  renderDefinition,
} from '../../src/executor/batch/job-definition-file.ts';
import { STACK_NAMES } from '../../src/executor/batch/stack-names.ts';
import { type Ended, type Options, type Running, backfill, start } from '../end-to-end/backfill.ts';
import { type BatchOptions, type FakeBatch, startBatch } from '../fake-aws/batch/fake-batch.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../fake-aws/fault-proxy.ts';
import { startS3Server } from '../fake-aws/s3/s3-server.ts';

/** The command line's own program. */
export const PROGRAM: string = fileURLToPath(new URL('../../bin/backfill.js', import.meta.url));

/** Whether this is `npm run test:aws`, with real servers and time for more: `npm test` stays light. */
export const IS_THOROUGH: boolean = process.env.BACKFILL_TEST_S3_ENDPOINT !== undefined;

export interface AccountOptions {
  /** Of the stand-in for Batch; what is not named is set for tests: processes, short waits. */
  readonly batch?: Partial<BatchOptions>;
  /** What befalls requests to S3, by share; drawn from `seed`. */
  readonly s3Faults?: Readonly<Partial<Record<Fault, number>>>;
  readonly seed?: number;
  /** How far AWS's clock is ahead of this machine's; of a real S3 server it is not changed. */
  readonly clockAheadSeconds?: number;
}

export interface Account {
  readonly bucket: string;
  /** `s3://bucket/backfill` */
  readonly store: string;
  readonly s3: S3Client;
  readonly batch: FakeBatch;
  /** In front of S3, where faults were asked for. */
  readonly s3Faults: FaultProxy | undefined;
  /** What leads every AWS client there. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder for the test's own files. */
  readonly folder: string;

  /** Runs a command to its end, with the store of this account. */
  backfill(args: readonly string[], options?: Options): Promise<Ended>;
  /** Starts a command. */
  start(args: readonly string[], options?: Options): Running;
  put(key: string, body: Uint8Array | string): Promise<void>;
  text(key: string): Promise<string>;
  /** All keys below a prefix. */
  keys(prefix: string): Promise<string[]>;
  close(): Promise<void>;
}

/** What `backfill` of the tests is registered as: its own definitions, with a scratch folder that is there. */
export async function testDefinitions(scratch: string): Promise<RegisterJobDefinitionRequest[]> {
  return Promise.all(
    (['all', 'fingerprint', 'romanisation'] as const).map(async (name) => {
      const definition = renderDefinition(await readDefinition(bundledPath(name)), {
        image: `backfill@sha256:${'0'.repeat(64)}`,
        jobRoleArn: 'arn:aws:iam::123456789012:role/backfill-job',
        executionRoleArn: 'arn:aws:iam::123456789012:role/backfill-execution',
        logGroup: STACK_NAMES.logGroup,
      });
      const { containerProperties } = definition;
      const command = ['worker', 'Ref::submission', '--scratch', scratch];
      return { ...definition, containerProperties: { ...containerProperties, command } };
    }),
  );
}

/** What the machines of an account give a container: not the region, which a job has to be told. */
function ofContainers(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name !== 'AWS_REGION'));
}

export async function openAccount(options: AccountOptions = {}): Promise<Account> {
  const folder = await mkdtemp(join(tmpdir(), 'backfill-account-'));
  const real = process.env.BACKFILL_TEST_S3_ENDPOINT;
  const clock =
    options.clockAheadSeconds === undefined ? {} : { clockAheadSeconds: options.clockAheadSeconds };
  const own = real === undefined ? await startS3Server(clock) : undefined;
  const direct = real ?? (own as { endpoint: string }).endpoint;
  const credentials = {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? 'test',
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? 'test',
  };
  const s3 = new S3Client({ endpoint: direct, region: 'us-east-1', forcePathStyle: true, credentials });
  const bucket = `account-${Math.random().toString(36).slice(2, 12)}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const s3Faults =
    options.s3Faults === undefined
      ? undefined
      : await startFaultProxy({ target: direct, seed: options.seed ?? 1, faults: options.s3Faults });
  const reachS3 = {
    AWS_ENDPOINT_URL_S3: s3Faults?.endpoint ?? direct,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const batch = await startBatch({
    runner: { kind: 'process', command: [process.execPath, PROGRAM] },
    vcpus: 2,
    definitions: await testDefinitions(join(folder, 'scratch')),
    logGroups: [{ name: STACK_NAMES.logGroup, retentionInDays: 30 }],
    environment: ofContainers(reachS3),
    timings: { graceMilliseconds: 20_000 },
    ...clock,
    ...options.batch,
  });
  const env = {
    ...reachS3,
    AWS_ENDPOINT_URL_BATCH: batch.endpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: batch.endpoint,
    AWS_ENDPOINT_URL_ECR: batch.endpoint,
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: batch.endpoint,
    AWS_ENDPOINT_URL_EC2: batch.endpoint,
    BACKFILL_BATCH_POLL_SECONDS: '0.2',
    BACKFILL_BATCH_SETTLE_SECONDS: '1',
    BACKFILL_STORE: `s3://${bucket}/backfill`,
  };
  const within = (given: Options = {}): Options => ({
    cwd: folder,
    ...given,
    env: { ...env, ...given.env },
  });
  return {
    bucket,
    store: env.BACKFILL_STORE,
    s3,
    batch,
    s3Faults,
    env,
    folder,
    backfill: (args, given) => backfill(args, within(given)),
    start: (args, given) => start(args, within(given)),
    put: async (key, body) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    text: async (key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    },
    keys: async (prefix) => {
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const page = await s3.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        );
        keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return keys;
    },
    close: async () => {
      await batch.close();
      await s3Faults?.close();
      await own?.close();
      s3.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
