/** The plan of a manifest for the three analyses on AWS Batch, and how large it and the manifest are. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { selectAlgorithms } from '../../src/algorithms/registry.ts';
import { type DraftPlan, draftPlan } from '../../src/operations/start-run.ts';
import { PLAN_MANIFEST_FILE, PLAN_SHARDS_FILE } from '../../src/plan/packed-plan.ts';

/** The three analyses. */
export const ANALYSES: readonly string[] = ['fingerprint', 'chorus', 'pitch'];

/** A plan, which the caller discards. */
export function planOf(manifestPath: string): Promise<DraftPlan> {
  return draftPlan({
    manifestPath,
    workingDirectory: '/',
    stdin: process.stdin,
    algorithms: selectAlgorithms(ANALYSES),
    shardSeconds: undefined,
    parallelism: undefined,
    maxRejected: { count: 0 },
  });
}

/** Bytes of the plan that a run would store. */
export async function planSize(manifestPath: string): Promise<number> {
  const draft = await planOf(manifestPath);
  try {
    const files = [PLAN_MANIFEST_FILE, PLAN_SHARDS_FILE].map((name) => stat(join(draft.directory, name)));
    return (await Promise.all(files)).reduce((sum, { size }) => sum + size, 0);
  } finally {
    await draft.discard();
  }
}

/** Bytes of a file by gzip -6. */
export async function gzipSize(path: string): Promise<number> {
  let bytes = 0;
  const gzip = createReadStream(path).pipe(createGzip({ level: 6 }));
  for await (const chunk of gzip as AsyncIterable<Buffer>) bytes += chunk.length;
  return bytes;
}
