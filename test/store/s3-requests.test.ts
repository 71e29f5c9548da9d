import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ObjectStore, PreconditionFailed } from '../../src/store/object-store.ts';
import { createS3Client } from '../../src/store/s3-client.ts';
import { openS3Store } from '../../src/store/s3-store.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../fake-aws/fault-proxy.ts';
import { type S3Server, startS3Server } from '../fake-aws/s3/s3-server.ts';
import { useDummyCredentials } from './s3-setting.ts';

useDummyCredentials();

const BUCKET = 'catalogue';

describe('what the S3 store asks of S3', () => {
  let server: S3Server;
  let store: ObjectStore;

  beforeEach(async () => {
    server = await startS3Server();
    const client = createS3Client({ endpoint: server.endpoint });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    store = openS3Store(`s3://${BUCKET}/runs`, client);
  });
  afterEach(() => server.close());

  it('one request for each operation, where nothing goes wrong', async () => {
    const { etag } = await store.put('a', bytesOf('1'), { ifNoneMatch: '*' });
    await store.put('a', bytesOf('2'), { ifMatch: etag });
    await store.put('b', bytesOf('3'));
    await store.get('a', { range: { offset: 0, length: 1 } });
    await store.delete('b');
    expect(await Array.fromAsync(store.list(''))).toEqual([{ key: 'a', size: 1 }]);
    expect(server.requests()).toEqual({
      CreateBucket: 1,
      PutObject: 3,
      GetObject: 1,
      DeleteObject: 1,
      ListObjectsV2: 1,
    });
  });

  it('no question after a lost race that was fought once', async () => {
    await store.put('a', bytesOf('1'), { ifNoneMatch: '*' });
    await expect(store.put('a', bytesOf('1'), { ifNoneMatch: '*' })).rejects.toThrow(PreconditionFailed);
    expect(server.requests()['HeadObject']).toBeUndefined();
  });

  it('a write that met another one, again', async () => {
    server.refuse({ operation: 'PutObject', status: 409, code: 'ConditionalRequestConflict', times: 2 });
    await store.put('a', bytesOf('1'), { ifNoneMatch: '*' });
    expect(server.requests()['PutObject']).toBe(3);
  });

  it('an object whose body breaks off, again', async () => {
    await store.put('a', bytesOf('0123456789'));
    server.breakBodies(2);
    expect(textOf(await store.get('a'))).toBe('0123456789');
    expect(server.requests()['GetObject']).toBe(3);
  });

  it('leaves out what other tools mark folders with', async () => {
    const plain = openS3Store(`s3://${BUCKET}`, createS3Client({ endpoint: server.endpoint }));
    await plain.put('runs/a', bytesOf('x'));
    await fetch(`${server.endpoint}/${BUCKET}/runs/`, { method: 'PUT' });
    await fetch(`${server.endpoint}/${BUCKET}/runs/b/`, { method: 'PUT' });
    expect(await Array.fromAsync(store.list(''))).toEqual([{ key: 'a', size: 1 }]);
  });

  it('rejects at once when it is called off, with the reason', async () => {
    const reason = new Error('draining');
    const controller = new AbortController();
    // A body that breaks and a server that says nothing: only the signal can end this.
    await store.put('a', bytesOf('0123456789'));
    server.breakBodies(1000, async () => controller.abort(reason));
    await expect(store.get('a', { signal: controller.signal })).rejects.toBe(reason);
  });

  describe('with a big file', () => {
    let folder: string;
    let path: string;
    const content = Buffer.alloc(19 * 1024 * 1024, 'abcdefg');

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 's3-upload-'));
      path = join(folder, 'big');
      await writeFile(path, content);
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('stores it in parts', async () => {
      await store.putFile('big', path);
      const { bytes } = await store.get('big');
      expect(Buffer.compare(bytes, content)).toBe(0);
      expect(server.requests()).toMatchObject({
        CreateMultipartUpload: 1,
        UploadPart: 3,
        CompleteMultipartUpload: 1,
      });
      expect(server.openUploads(BUCKET)).toBe(0);
    });

    it('leaves nothing behind when it fails', async () => {
      server.refuse({ operation: 'UploadPart', status: 403, code: 'AccessDenied', times: 1 });
      await expect(store.putFile('big', path)).rejects.toMatchObject({
        code: 'aws-denied',
        fault: 'environment',
      });
      expect(server.requests()['AbortMultipartUpload']).toBe(1);
      expect(server.openUploads(BUCKET)).toBe(0);
    });

    it('leaves nothing behind when it is called off', async () => {
      const controller = new AbortController();
      const reason = new Error('draining');
      server.refuse({ operation: 'CompleteMultipartUpload', status: 500, code: 'InternalError', times: 1 });
      const stored = store.putFile('big', path, { signal: controller.signal });
      while ((server.requests()['UploadPart'] ?? 0) === 0) await new Promise(setImmediate);
      controller.abort(reason);
      await expect(stored).rejects.toBe(reason);
      expect(server.openUploads(BUCKET)).toBe(0);
    });
  });

  describe('when answers are lost', () => {
    let proxy: FaultProxy | undefined;
    afterEach(() => proxy?.close());

    /** The same store, through a proxy that does to each request what `faults` says, in order; then no more. */
    async function through(faults: readonly (Fault | undefined)[]): Promise<ObjectStore> {
      proxy = await startFaultProxy({ target: server.endpoint, script: faults });
      return openS3Store(`s3://${BUCKET}/runs`, createS3Client({ endpoint: proxy.endpoint }));
    }

    it('knows its own creation by the answer to its second attempt', async () => {
      const unlucky = await through(['loseResponse']);
      const { etag } = await unlucky.put('run.json', bytesOf('1'), { ifNoneMatch: '*' });
      expect(await store.get('run.json')).toEqual({ bytes: bytesOf('1'), etag });
      expect(server.requests()).toMatchObject({ PutObject: 2, HeadObject: 1 });
    });

    it('knows its own swap, and can go on from it', async () => {
      const first = await store.put('checkpoint', bytesOf('1'), { ifNoneMatch: '*' });
      const unlucky = await through(['loseResponse']);
      const second = await unlucky.put('checkpoint', bytesOf('2'), { ifMatch: first.etag });
      await unlucky.put('checkpoint', bytesOf('3'), { ifMatch: second.etag });
      expect(textOf(await store.get('checkpoint'))).toBe('3');
    });

    it("takes another's for no success of its own, though the bytes are the same", async () => {
      await store.put('run.json', bytesOf('same'), { ifNoneMatch: '*' });
      const unlucky = await through(['loseResponse']);
      const late = unlucky.put('run.json', bytesOf('same'), { ifNoneMatch: '*' });
      await expect(late).rejects.toThrow(PreconditionFailed);
    });

    it('knows that it won although it was overtaken since, and can not overwrite who did', async () => {
      const unlucky = await through(['loseResponse', 'slowDown']);
      const winning = unlucky.put('checkpoint', bytesOf('1'), { ifNoneMatch: '*' });
      let read = await store.get('checkpoint').catch(() => undefined);
      while (read === undefined) read = await store.get('checkpoint').catch(() => undefined);
      await store.put('checkpoint', bytesOf('2'), { ifMatch: read.etag });
      const { etag } = await winning;
      await expect(unlucky.put('checkpoint', bytesOf('3'), { ifMatch: etag })).rejects.toThrow(
        PreconditionFailed,
      );
      expect(textOf(await store.get('checkpoint'))).toBe('2');
    });

    it('knows that a multipart upload was completed', async () => {
      const folder = await mkdtemp(join(tmpdir(), 's3-upload-'));
      await writeFile(join(folder, 'big'), Buffer.alloc(9 * 1024 * 1024));
      const unlucky = await through([undefined, undefined, undefined, 'loseResponse']);
      await unlucky.putFile('big', join(folder, 'big'));
      expect(await Array.fromAsync(store.list('big'))).toEqual([{ key: 'big', size: 9 * 1024 * 1024 }]);
      expect(server.requests()).toMatchObject({ CompleteMultipartUpload: 2, HeadObject: 1 });
      await rm(folder, { recursive: true });
    });
  });

  it('says what is wrong with a bucket', async () => {
    const absent = openS3Store(`s3://absent-${randomUUID()}`, createS3Client({ endpoint: server.endpoint }));
    const refused = { code: 'no-such-bucket', fault: 'environment' };
    await expect(absent.get('a')).rejects.toMatchObject(refused);
    await expect(absent.put('a', bytesOf('1'), { ifMatch: '"x"' })).rejects.toMatchObject(refused);
    await expect(Array.fromAsync(absent.list(''))).rejects.toMatchObject(refused);
  });
});

describe('how much the S3 store asks at once', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).toReversed()) await each.close();
  });

  /** A server on which requests stay for a while, and a store on it, through a proxy that may refuse the first. */
  async function open(script: readonly Fault[]): Promise<{ server: S3Server; store: ObjectStore }> {
    const server = await startS3Server({ answerAfterMs: 20 });
    opened.push(server);
    const proxy = await startFaultProxy({ target: server.endpoint, script });
    opened.push(proxy);
    await createS3Client({ endpoint: server.endpoint }).send(new CreateBucketCommand({ Bucket: BUCKET }));
    return { server, store: openS3Store(`s3://${BUCKET}`, createS3Client({ endpoint: proxy.endpoint })) };
  }

  async function putMany(store: ObjectStore, count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, i) => store.put(`many/${i}`, bytesOf('x'))));
  }

  it('begins with 8, and asks more when that is served, to 128', async () => {
    const { server, store } = await open([]);
    await putMany(store, 16);
    expect(server.mostAtOnce()).toBeLessThanOrEqual(10);
    await putMany(store, 600);
    expect(server.mostAtOnce()).toBeGreaterThan(16);
    expect(server.mostAtOnce()).toBeLessThanOrEqual(128);
  });

  it('asks less when S3 says SlowDown, though the SDK tries again by itself', async () => {
    const { server, store } = await open(Array.from({ length: 12 }, () => 'slowDown'));
    await putMany(store, 12);
    expect(server.requests()['PutObject']).toBe(12);
    expect(server.mostAtOnce()).toBeLessThan(8);
  });
});

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf({ bytes }: { bytes: Uint8Array }): string {
  return new TextDecoder().decode(bytes);
}
