import { rm, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startS3Server } from '../../test/fake-aws/s3/s3-server.ts';
import { timeCommand } from '../harness/command.ts';
import { backfill } from '../harness/product.ts';
import { startCountingRelay } from './counting-relay.ts';
import type { Recording } from './recordings.ts';

const BUCKET = 'catalogue';

/**
 * Bytes that come from S3 while each of the sets of algorithms is run over the recordings, whose manifest names
 * objects of an S3 stand-in; the store is a folder, so that nothing else is fetched.
 */
export async function bytesFetched(
  recordings: readonly Recording[],
  sets: readonly string[],
  scratch: string,
): Promise<readonly number[]> {
  const server = await startS3Server();
  const relay = await startCountingRelay(server.endpoint);
  try {
    await fetch(`${server.endpoint}/${BUCKET}`, { method: 'PUT' });
    for (const [index, { path }] of recordings.entries()) {
      await fetch(`${server.endpoint}/${BUCKET}/${index}`, { method: 'PUT', body: await readFile(path) });
    }
    const manifest = join(scratch, 'in-s3.csv');
    const rows = recordings.map(({ durationSeconds }, i) => `t${i},s3://${BUCKET}/${i},${durationSeconds}`);
    await writeFile(manifest, ['track_id,audio_uri,duration_s', ...rows, ''].join('\n'));
    const fetched: number[] = [];
    for (const algorithms of sets) {
      const before = relay.bytes();
      const store = join(scratch, 'store');
      await timeCommand(
        backfill(['run', manifest, '-a', algorithms, '--store', store], {
          environment: {
            AWS_ACCESS_KEY_ID: 'bench',
            AWS_SECRET_ACCESS_KEY: 'bench',
            AWS_REGION: 'eu-west-1',
            AWS_EC2_METADATA_DISABLED: 'true',
            AWS_ENDPOINT_URL_S3: relay.endpoint,
          },
        }),
      );
      await rm(store, { recursive: true });
      fetched.push(relay.bytes() - before);
    }
    return fetched;
  } finally {
    relay.close();
    await server.close();
  }
}
