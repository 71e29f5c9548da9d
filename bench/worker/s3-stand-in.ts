/**
 * The S3 stand-in of the tests as a process of its own, so that its work is not the worker's:
 *
 *     s3-stand-in.ts BUCKET FOLDER MILLISECONDS
 *
 * It holds the files of the folder in memory, answers every request after so many milliseconds, writes its endpoint
 * to stdout, and ends with its stdin.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { putPipelined } from '../../test/fake-aws/s3/pipelined-puts.ts';
import { startS3Server } from '../../test/fake-aws/s3/s3-server.ts';

const PROGRAM = fileURLToPath(import.meta.url);

export interface S3StandIn {
  /** What makes a worker read from it. */
  readonly environment: NodeJS.ProcessEnv;
  close(): void;
}

/** Starts one over the files of a folder; their names are their keys. */
export async function startS3StandIn(options: {
  readonly bucket: string;
  readonly folder: string;
  readonly answerAfterMilliseconds: number;
}): Promise<S3StandIn> {
  const { bucket, folder, answerAfterMilliseconds } = options;
  const child: ChildProcess = spawn(
    process.execPath,
    [PROGRAM, bucket, folder, String(answerAfterMilliseconds)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const [endpoint] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return {
    environment: {
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL_S3: endpoint.toString().trim(),
    },
    close: () => child.stdin?.end(),
  };
}

async function serve(bucket: string, folder: string, milliseconds: number): Promise<void> {
  const server = await startS3Server({ answerAfterMs: milliseconds });
  await fetch(`${server.endpoint}/${bucket}`, { method: 'PUT' });
  await putPipelined(server.endpoint, bucket, objectsIn(folder));
  process.stdout.write(`${server.endpoint}\n`);
  process.stdin.resume().on('end', () => void server.close());
}

function* objectsIn(folder: string): Generator<{ readonly key: string; readonly bytes: Uint8Array }> {
  for (const key of readdirSync(folder)) yield { key, bytes: readFileSync(join(folder, key)) };
}

if (import.meta.main) {
  const [bucket = '', folder = '', milliseconds = '0'] = process.argv.slice(2);
  await serve(bucket, folder, Number(milliseconds));
}
