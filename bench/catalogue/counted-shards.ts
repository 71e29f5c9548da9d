/** Shards whose store and tracks are in S3, worked as AWS Batch has them worked, with every request counted. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { selectAlgorithms } from '../../src/algorithms/registry.ts';
import { openStore } from '../../src/compose.ts';
import { readShards } from '../../src/operations/plans.ts';
import { openRun } from '../../src/operations/runs.ts';
import { createRun, draftPlan } from '../../src/operations/start-run.ts';
import { createSubmission } from '../../src/operations/submit.ts';
import { type RequestShare, estimateRequests } from '../../src/plan/request-estimate.ts';
import { submissionUri } from '../../src/worker/assignment.ts';
import { type S3Server, startS3Server } from '../../test/fake-aws/s3/s3-server.ts';
import { backfill } from '../harness/product.ts';

/** A track as it lies on this machine; it is put into the stand-in for S3. */
export interface LocalTrack {
  readonly trackId: string;
  readonly path: string;
  readonly durationSeconds: number;
}

export interface CountedShards {
  readonly tracks: number;
  readonly shards: number;
  /** Requests of all workers together, by S3's names for them. */
  readonly requests: Readonly<Record<string, number>>;
  /** What `backfill plan` says of the same plan. */
  readonly estimate: readonly RequestShare[];
}

/** Starts the stand-in for S3 and points this process, and the workers that it starts, to it. Once in a process. */
export async function withStandIn<T>(use: (server: S3Server) => Promise<T>): Promise<T> {
  const server = await startS3Server();
  const environment = {
    AWS_ACCESS_KEY_ID: 'stand-in',
    AWS_SECRET_ACCESS_KEY: 'stand-in',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_S3: server.endpoint,
  };
  Object.assign(process.env, environment);
  try {
    return await use(server);
  } finally {
    for (const name of Object.keys(environment)) delete process.env[name];
    await server.close();
  }
}

/**
 * Plans tracks for a store in S3 and works the plan, one `backfill worker` of the built product for each shard, told
 * its submission and its array index and nothing else. Only what these workers ask is counted.
 */
export async function countShards(
  server: S3Server,
  options: {
    readonly tracks: readonly LocalTrack[];
    readonly algorithms: readonly string[];
    readonly shardSeconds: number;
    readonly checkpointSeconds: number;
    /** An empty folder. */
    readonly scratch: string;
  },
): Promise<CountedShards> {
  const { tracks, algorithms: names, shardSeconds, checkpointSeconds, scratch } = options;
  await put(server, '/store');
  await put(server, '/music');
  const rows = await Promise.all(
    tracks.map(async ({ trackId, path, durationSeconds }, index) => {
      const key = `/music/${index}${extname(path)}`;
      await put(server, key, await readFile(path));
      return `${trackId},s3:/${key},${durationSeconds}`;
    }),
  );
  const manifestPath = join(scratch, 'counted.csv');
  await writeFile(manifestPath, ['track_id,audio_uri,duration_s', ...rows, ''].join('\n'));

  const store = await openStore('s3://store');
  const algorithms = selectAlgorithms(names);
  const draft = await draftPlan({
    manifestPath,
    workingDirectory: scratch,
    stdin: process.stdin,
    algorithms,
    shardSeconds,
    parallelism: undefined,
    maxRejected: { count: 0 },
  });
  const { run } = await createRun(store, draft, {
    manifestName: 'counted.csv',
    settings: {
      algorithms: algorithms.map(({ name, version }) => ({ name, version })),
      checkpointSeconds,
      maxSourceBytes: 2 ** 32,
      maxDurationSeconds: 4 * 3600,
    },
    tool: 'bench',
    storeHint: '',
    evenIfUnfinished: true,
    now: new Date(),
  });
  await draft.discard();
  const entries = await readShards(store, await openRun(store, run));
  const { submission } = await createSubmission(store, {
    run,
    reason: 'run',
    entries,
    executor: { kind: 'local', host: 'elsewhere', process: 1, concurrency: 1 },
    now: new Date().toISOString(),
  });
  const uri = submissionUri({ storeUri: store.uri, run, submission });
  const before = server.requests();
  for (const index of entries.keys()) await workOne(uri, index, scratch);
  const estimate = estimateRequests({ totals: draft.totals, algorithms, checkpointSeconds, renditions: 0 });
  return {
    tracks: tracks.length,
    shards: entries.length,
    requests: difference(server.requests(), before),
    estimate,
  };
}

/** A child of an array job. */
async function workOne(submission: string, index: number, scratch: string): Promise<void> {
  const { program, arguments: args } = backfill(['worker', submission, '--scratch', scratch]);
  const child = spawn(program, args, {
    env: { ...process.env, AWS_BATCH_JOB_ARRAY_INDEX: String(index) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the worker of shard ${index} ended with ${code}: ${stderr}`);
}

async function put(
  server: S3Server,
  path: string,
  body: Uint8Array<ArrayBuffer> | null = null,
): Promise<void> {
  const { ok, status } = await fetch(server.endpoint + path, { method: 'PUT', body });
  if (!ok) throw new Error(`the stand-in answered ${status} to PUT ${path}`);
}

function difference(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}
