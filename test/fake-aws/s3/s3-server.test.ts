import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createS3Client } from '../../../src/store/s3-client.ts';
import { useDummyCredentials } from '../../store/s3-setting.ts';
import { type S3Server, startS3Server } from './s3-server.ts';

useDummyCredentials();

const Bucket = 'bucket';
const PART = Buffer.alloc(5 * 1024 * 1024, 'x');

/** Each of these is a rule of s3-server.md. */
describe('the S3 server of the tests', () => {
  let server: S3Server;
  let client: S3Client;
  const urlOf = (path: string) => `${server.endpoint}/${Bucket}/${path}`;

  beforeEach(async () => {
    server = await startS3Server();
    client = createS3Client({ endpoint: server.endpoint });
    await client.send(new CreateBucketCommand({ Bucket }));
  });
  afterEach(() => server.close());

  it('knows its buckets', async () => {
    await client.send(new HeadBucketCommand({ Bucket }));
    const absent = client.send(new HeadBucketCommand({ Bucket: 'absent' }));
    await expect(absent).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it('gives objects back with their metadata and the MD5 of their content as ETag', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'hello', Metadata: { Colour: 'red' } }));
    const { Metadata, ETag, ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    expect({ Metadata, ETag, ContentLength }).toEqual({
      Metadata: { colour: 'red' },
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ContentLength: 5,
    });
  });

  it('reads ranges, suffixes too, and refuses what begins past the end', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '0123456789' }));
    const read = async (Range: string) => {
      const { Body, ContentRange } = await client.send(new GetObjectCommand({ Bucket, Key: 'a', Range }));
      return [await Body?.transformToString(), ContentRange];
    };
    expect(await read('bytes=2-4')).toEqual(['234', 'bytes 2-4/10']);
    expect(await read('bytes=8-')).toEqual(['89', 'bytes 8-9/10']);
    expect(await read('bytes=-3')).toEqual(['789', 'bytes 7-9/10']);
    await expect(read('bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('compares If-Match with and without quotes', async () => {
    const { ETag = '' } = await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
    for (const IfMatch of [ETag, ETag.replaceAll('"', ''), '*'])
      await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', IfMatch }));
    const refused = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
    await expect(
      client.send(new GetObjectCommand({ Bucket, Key: 'a', IfMatch: '"y"' })),
    ).rejects.toMatchObject(refused);
    const absent = client.send(new PutObjectCommand({ Bucket, Key: 'b', Body: 'x', IfMatch: ETag }));
    await expect(absent).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('answers 409 where an object is deleted while a conditional write is under way', async () => {
    const { ETag = '' } = await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
    const write = request(urlOf('a'), { method: 'PUT', headers: { 'if-match': ETag, 'content-length': 4 } });
    await new Promise((resolve) => write.write('12', resolve));
    while (server.requests()['PutObject'] !== 2) await new Promise(setImmediate);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    write.end('34');
    const [answer] = await once(write, 'response');
    expect(answer.statusCode).toBe(409);
    answer.resume();
  });

  it.each([
    ['x-amz-checksum-crc32', 'AAAAAA==', 'BadDigest'],
    ['content-md5', 'AAAAAAAAAAAAAAAAAAAAAA==', 'BadDigest'],
    ['x-amz-content-sha256', '0'.repeat(64), 'XAmzContentSHA256Mismatch'],
  ])('refuses a body that is not what %s says', async (header, value, code) => {
    const answer = await fetch(urlOf('a'), { method: 'PUT', body: 'hello', headers: { [header]: value } });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(`<Code>${code}</Code>`);
    expect((await fetch(urlOf('a'))).status).toBe(404);
  });

  it('takes streams in signed chunks, and checks the checksum in their trailer', async () => {
    const Body = Readable.from([Buffer.alloc(100_000, 'a'), Buffer.alloc(50_000, 'b')]);
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body, ContentLength: 150_000 }));
    const { Body: read, ChecksumCRC32 } = await client.send(
      new GetObjectCommand({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' }),
    );
    expect(await read?.transformToString()).toBe('a'.repeat(100_000) + 'b'.repeat(50_000));
    expect(ChecksumCRC32).toMatch(/^[A-Za-z0-9+/]{6}==$/);

    const wrong = '3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-trailer': 'x-amz-checksum-crc32' };
    const answer = await fetch(urlOf('b'), { method: 'PUT', body: wrong, headers });
    expect(await answer.text()).toContain('<Code>BadDigest</Code>');
  });

  it('lists in pages that keys and rolled-up prefixes fill alike', async () => {
    for (const Key of ['a', 'b/1', 'b/2', 'c/1', 'd', 'ü&<'])
      await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const pages: string[][] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 2, ContinuationToken }),
      );
      pages.push([
        ...(page.Contents ?? []).map(({ Key = '' }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
      ]);
      expect(page.KeyCount).toBe(pages.at(-1)?.length);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(pages).toEqual([['a', 'b/'], ['d', 'c/'], ['ü&<']]);
    const encoded = await client.send(
      new ListObjectsV2Command({ Bucket, StartAfter: 'd', EncodingType: 'url' }),
    );
    expect(encoded.Contents?.map(({ Key }) => Key)).toEqual(['%C3%BC%26%3C']);
  });

  it('refuses more metadata than 2 KB', async () => {
    const Metadata = { long: 'x'.repeat(2045) };
    const asked = client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', Metadata }));
    await expect(asked).rejects.toMatchObject({ name: 'MetadataTooLarge' });
  });

  describe('with uploads in parts', () => {
    const target = { Bucket, Key: 'big' };
    let UploadId: string | undefined;

    beforeEach(async () => {
      ({ UploadId } = await client.send(new CreateMultipartUploadCommand(target)));
    });

    async function sendPart(PartNumber: number, Body: Buffer) {
      const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
      return { PartNumber, ETag };
    }

    it('joins them, and makes an ETag of theirs', async () => {
      const Parts = [await sendPart(1, PART), await sendPart(3, Buffer.from('end'))];
      const MultipartUpload = { Parts };
      const { ETag } = await client.send(
        new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload, IfNoneMatch: '*' }),
      );
      expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
      const { ContentLength } = await client.send(new HeadObjectCommand(target));
      expect(ContentLength).toBe(PART.length + 3);
      const again = client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
      await expect(again).rejects.toMatchObject({ name: 'NoSuchUpload' });
    });

    it('holds to the condition when they are joined', async () => {
      await client.send(new PutObjectCommand({ ...target, Body: 'first' }));
      const MultipartUpload = { Parts: [await sendPart(1, PART)] };
      const late = client.send(
        new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload, IfNoneMatch: '*' }),
      );
      await expect(late).rejects.toMatchObject({ name: 'PreconditionFailed' });
      expect(server.openUploads(Bucket)).toBe(1);
    });

    it('refuses small ones before the last, a wrong order, and others than were sent', async () => {
      const small = await sendPart(1, Buffer.from('small'));
      const last = await sendPart(2, Buffer.from('end'));
      const complete = (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
        client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
      await expect(complete([small, last])).rejects.toMatchObject({ name: 'EntityTooSmall' });
      await expect(complete([last, small])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
      await expect(complete([{ ...small, ETag: '"other"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    });

    it('forgets them when they are called off', async () => {
      await sendPart(1, PART);
      await client.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
      expect(server.openUploads(Bucket)).toBe(0);
      await expect(client.send(new HeadObjectCommand(target))).rejects.toMatchObject({ name: 'NotFound' });
    });
  });
});
