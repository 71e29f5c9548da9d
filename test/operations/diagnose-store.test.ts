import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { createS3Client } from '../../src/store/s3-client.ts';
import { openS3Store } from '../../src/store/s3-store.ts';
import { diagnoseStore } from '../../src/operations/diagnose-store.ts';
import { type Breach, type S3Server, startS3Server } from '../fake-aws/s3/s3-server.ts';
import { useDummyCredentials } from '../store/s3-setting.ts';

useDummyCredentials();

let server: S3Server;
afterEach(() => server.close());

async function diagnose(...breaches: Breach[]) {
  server = await startS3Server({ breaches });
  const client = createS3Client({ endpoint: server.endpoint });
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  const store = openS3Store('s3://bucket/p', client);
  const check = await diagnoseStore('s3://bucket/p', async () => store);
  const left: string[] = [];
  for await (const { key } of store.list('')) left.push(key);
  return { check, left };
}

describe('doctor over a store', () => {
  it('is content with S3, asks little, and leaves nothing behind', async () => {
    const { check, left } = await diagnose();
    expect(check).toEqual({
      name: 'store',
      ok: true,
      found: 's3://bucket/p can be written, refuses stale writes, and keeps ranges and lists',
    });
    expect(left).toEqual([]);
    const { CreateBucket: _, ...asked } = server.requests();
    expect(Object.values(asked).reduce((sum, count) => sum + count, 0)).toBeLessThan(60);
  });

  it('is content with the other stores', async () => {
    server = await startS3Server();
    expect((await diagnoseStore('memory', async () => new MemoryStore())).ok).toBe(true);
  });

  it.each<[Breach, string]>([
    ['if-none-match', 'overwrites what is there in spite of If-None-Match'],
    ['if-match', 'accepts stale writes: it takes no notice of If-Match'],
    ['range', 'takes no notice of ranges'],
    ['racing', 'lets several of 8 writers at once win'],
    ['late-lists', 'lists late'],
    ['same-etags', 'gives both the same ETag'],
  ])('finds a server that breaks its word over %s', async (breach, words) => {
    const { check, left } = await diagnose(breach);
    expect(check).toMatchObject({
      ok: false,
      found: expect.stringContaining(words),
      mend: expect.stringContaining('use another store'),
    });
    if (breach !== 'late-lists') expect(left).toEqual([]);
  });

  it('says what it may not do', async () => {
    server = await startS3Server();
    const client = createS3Client({ endpoint: server.endpoint });
    const check = await diagnoseStore('s3://nowhere/p', async () => openS3Store('s3://nowhere/p', client));
    expect(check).toMatchObject({ ok: false, mend: expect.stringContaining('aws s3 mb') });
  });
});
