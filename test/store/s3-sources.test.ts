import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createS3Client } from '../../src/store/s3-client.ts';
import { openS3Sources } from '../../src/store/s3-sources.ts';
import type { SourceObjects } from '../../src/store/source-objects.ts';
import { startFaultProxy } from '../fake-aws/fault-proxy.ts';
import { type S3Server, startS3Server } from '../fake-aws/s3/s3-server.ts';
import { useDummyCredentials } from './s3-setting.ts';

useDummyCredentials();

const TRACK = { bucket: 'masters', key: 'tracks/ü 1.flac' };
const CONTENT = randomBytes(3_000_000);
// Set by `npm run test:aws`: scripts/aws/s3-server.js.
const realServer = process.env['BACKFILL_TEST_S3_ENDPOINT'];
const never = new AbortController().signal;
const options = { maxBytes: 10_000_000, signal: never };

describe('tracks in S3', () => {
  let server: S3Server;
  let client: S3Client;
  let sources: SourceObjects;
  let folder: string;
  let path: string;

  beforeEach(async () => {
    server = await startS3Server();
    client = createS3Client({ endpoint: server.endpoint });
    sources = openS3Sources(client);
    await client.send(new CreateBucketCommand({ Bucket: TRACK.bucket }));
    await put(CONTENT);
    folder = await mkdtemp(join(tmpdir(), 's3-sources-'));
    path = join(folder, 'track');
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
    await server.close();
  });

  async function put(content: Uint8Array): Promise<string> {
    const target = { Bucket: TRACK.bucket, Key: TRACK.key };
    const { ETag = '' } = await client.send(new PutObjectCommand({ ...target, Body: content }));
    return ETag.replaceAll('"', '');
  }

  it('come with one request, and with the etag of what was read', async () => {
    const etag = await put(CONTENT);
    expect(await sources.download(TRACK, path, options)).toEqual({ etag, bytes: CONTENT.length });
    expect((await readFile(path)).equals(CONTENT)).toBe(true);
    expect(server.requests()['GetObject']).toBe(1);
    expect(server.requests()['HeadObject']).toBeUndefined();
  });

  it('replace a longer file', async () => {
    await sources.download(TRACK, path, options);
    await put(Buffer.from('short'));
    await sources.download(TRACK, path, options);
    expect(await readFile(path, 'utf8')).toBe('short');
  });

  it('are read whole where they are small, empty ones too', async () => {
    await put(Buffer.from('la la la'));
    expect(Buffer.from((await sources.read(TRACK, options)).content).toString()).toBe('la la la');
    const etag = await put(Buffer.alloc(0));
    expect(await sources.read(TRACK, options)).toEqual({ etag, bytes: 0, content: Buffer.alloc(0) });
  });

  it('are read on from where a connection broke', async () => {
    server.breakBodies(3);
    const { bytes } = await sources.download(TRACK, path, options);
    expect(bytes).toBe(CONTENT.length);
    expect((await readFile(path)).equals(CONTENT)).toBe(true);
    expect(server.requests()['GetObject']).toBe(4);
  });

  it('are read whole from a broken connection into memory', async () => {
    server.breakBodies(2);
    expect(Buffer.compare((await sources.read(TRACK, options)).content, CONTENT)).toBe(0);
  });

  it('are never a mixture of two versions', async () => {
    server.breakBodies(1, () => put(randomBytes(CONTENT.length)));
    await expect(sources.download(TRACK, path, options)).rejects.toMatchObject({
      problem: 'changed',
      message: `s3://${TRACK.bucket}/${TRACK.key} was changed while it was read`,
    });
  });

  it('that are broken for ever are given up', async () => {
    // The last byte never comes: half of what is left, each time.
    server.breakBodies(1000);
    await expect(sources.download(TRACK, path, options)).rejects.toMatchObject({ problem: 'unreadable' });
    expect(server.requests()['GetObject']).toBe(6);
  });

  it('that are too large are not read', async () => {
    const maxBytes = CONTENT.length - 1;
    const tooLarge = {
      problem: 'too-large',
      message: expect.stringContaining(`over the limit of ${maxBytes}`),
    };
    await expect(sources.download(TRACK, path, { maxBytes, signal: never })).rejects.toMatchObject(tooLarge);
    expect(await readFile(path)).toHaveLength(0);
  });

  it('that are not there are missing, and so are those of no bucket', async () => {
    const missing = { problem: 'missing' };
    await expect(sources.read({ ...TRACK, key: 'other' }, options)).rejects.toMatchObject(missing);
    await expect(sources.read({ ...TRACK, bucket: 'nowhere' }, options)).rejects.toMatchObject(missing);
  });

  it.each([
    { status: 403, code: 'AccessDenied', problem: 'denied' },
    { status: 403, code: 'InvalidObjectState', problem: 'archived' },
    { status: 400, code: 'KMS.DisabledException', problem: 'denied' },
    { status: 400, code: 'InvalidRequest', problem: 'unreadable' },
  ])('answered with $code are $problem', async ({ status, code, problem }) => {
    server.refuse({ operation: 'GetObject', status, code, times: 1 });
    await expect(sources.read(TRACK, options)).rejects.toMatchObject({ name: 'SourceObjectError', problem });
  });

  it('encrypted with a key that may not be used say which permission is missing', async () => {
    const key = 'arn:aws:kms:us-east-1:123456789012:key/1';
    server.refuse({
      operation: 'GetObject',
      status: 403,
      code: 'AccessDenied',
      message: `User: arn:aws:iam::123456789012:user/u is not authorized to perform: kms:Decrypt on resource: ${key} because no identity-based policy allows the kms:Decrypt action`,
      times: 1,
    });
    await expect(sources.read(TRACK, options)).rejects.toMatchObject({
      problem: 'denied',
      message: expect.stringContaining(`allow kms:Decrypt on ${key}`),
    });
  });

  it.each([
    { status: 400, code: 'ExpiredToken', failure: 'aws-credentials' },
    { status: 403, code: 'InvalidAccessKeyId', failure: 'aws-credentials' },
    { status: 301, code: 'PermanentRedirect', failure: 'aws-region' },
  ])('stop the shard on $code, which is no fault of theirs', async ({ status, code, failure }) => {
    const headers = { 'x-amz-bucket-region': 'eu-central-1' };
    server.refuse({ operation: 'GetObject', status, code, headers, times: 1 });
    const stopped = { name: 'BackfillError', code: failure, fault: 'environment' };
    await expect(sources.read(TRACK, options)).rejects.toMatchObject(stopped);
  });

  it('come through a bad network', async () => {
    const faults = { slowDown: 0.02, resetBefore: 0.1, loseResponse: 0.1, breakBody: 0.2 };
    const proxy = await startFaultProxy({ target: server.endpoint, seed: 7, faults });
    const unlucky = openS3Sources(createS3Client({ endpoint: proxy.endpoint }));
    const names = Array.from({ length: 40 }, (_, i) => join(folder, `track-${i}`));
    await Promise.all(names.map((name) => unlucky.download(TRACK, name, options)));
    for (const name of names) expect((await readFile(name)).equals(CONTENT), name).toBe(true);
    expect(proxy.counts().breakBody).toBeGreaterThan(5);
    await proxy.close();
  });

  it.runIf(realServer !== undefined)('come from a real server through a bad network', async () => {
    const faults = { slowDown: 0.02, resetBefore: 0.1, loseResponse: 0.1, breakBody: 0.2 };
    const proxy = await startFaultProxy({ target: realServer ?? '', seed: 7, faults });
    const address = { bucket: `sources-${randomUUID()}`, key: 'a b.flac' };
    const target = { Bucket: address.bucket, Key: address.key };
    const real = createS3Client({ endpoint: realServer ?? '' });
    await real.send(new CreateBucketCommand({ Bucket: address.bucket }));
    await real.send(new PutObjectCommand({ ...target, Body: CONTENT }));
    const unlucky = openS3Sources(createS3Client({ endpoint: proxy.endpoint }));
    for (let i = 0; i < 40; i++) await unlucky.download(address, path, options);
    expect((await readFile(path)).equals(CONTENT)).toBe(true);
    expect(proxy.counts().breakBody).toBeGreaterThan(5);
    await expect(unlucky.read({ ...address, key: 'other' }, options)).rejects.toMatchObject({
      problem: 'missing',
    });
    await expect(unlucky.read({ ...address, bucket: 'nowhere' }, options)).rejects.toMatchObject({
      problem: 'missing',
    });
    await proxy.close();
  });

  it('reject with the reason when they are called off half-way', async () => {
    const controller = new AbortController();
    const reason = new Error('draining');
    server.breakBodies(1, async () => controller.abort(reason));
    const reading = sources.download(TRACK, path, { ...options, signal: controller.signal });
    await expect(reading).rejects.toBe(reason);
  });

  it.runIf(process.platform === 'linux')('tell a full disk as the file system does', async () => {
    await expect(sources.download(TRACK, '/dev/full', options)).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});
