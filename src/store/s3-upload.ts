import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type FileHandle, open } from 'node:fs/promises';
import { isMissingUpload, wasRetried } from './s3-answers.ts';
import { WRITES_ENTRY, fateOf, newWriteToken } from './s3-write-tokens.ts';

/** Files up to this size go in one request. */
const PART_BYTES = 8 * 1024 * 1024;
/** docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000;
const PARTS_AT_ONCE = 4;

/**
 * Writes an object from a file: in one request, or from 8 MiB on as a multipart upload of which four parts are in
 * memory (32 MiB; more from 80 GB on, where parts have to be larger). An upload that fails or is aborted is
 * removed from the bucket before this rejects.
 */
export async function uploadFile(
  client: S3Client,
  target: { readonly Bucket: string; readonly Key: string },
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > PART_BYTES) return await uploadParts(client, target, file, size, signal);
    const Body = await readPart(file, 0, size);
    await client.send(new PutObjectCommand({ ...target, Body }), options(signal));
  } finally {
    await file.close();
  }
}

async function uploadParts(
  client: S3Client,
  target: { readonly Bucket: string; readonly Key: string },
  file: FileHandle,
  size: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const token = newWriteToken();
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      ...target,
      ChecksumAlgorithm: 'CRC32',
      Metadata: { [WRITES_ENTRY]: token },
    }),
    options(signal),
  );
  const upload = { ...target, UploadId };
  try {
    const Parts = await sendParts(client, upload, file, size, signal);
    await client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
      options(signal),
    );
  } catch (error) {
    // A completion whose answer was lost leaves no upload to complete a second time.
    if (isMissingUpload(error) && wasRetried(error) && (await isStored(client, target, token))) return;
    // What broke the upload is to be told, not that its parts could not be removed: a bucket's rule does that.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
    throw error;
  }
}

/** Sends all parts, some at once. Once one has failed, no other is begun, and those under way are waited for. */
async function sendParts(
  client: S3Client,
  upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string | undefined },
  file: FileHandle,
  size: number,
  signal: AbortSignal | undefined,
): Promise<CompletedPart[]> {
  const partBytes = Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS));
  const parts: CompletedPart[] = [];
  const failed = new AbortController();
  const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  let next = 0;
  const sendSome = async () => {
    for (let part = next++; part * partBytes < size && !either.aborted; part = next++) {
      const PartNumber = part + 1;
      const Body = await readPart(file, part * partBytes, Math.min(partBytes, size - part * partBytes));
      const { ETag, ChecksumCRC32 } = await client.send(
        new UploadPartCommand({ ...upload, PartNumber, Body, ChecksumAlgorithm: 'CRC32' }),
        options(either),
      );
      parts[part] = { PartNumber, ETag, ChecksumCRC32 };
    }
  };
  let cause: unknown;
  const senders = Array.from({ length: PARTS_AT_ONCE }, () =>
    sendSome().catch((error: unknown) => {
      cause ??= error;
      failed.abort();
    }),
  );
  await Promise.all(senders);
  signal?.throwIfAborted();
  if (cause !== undefined) throw cause;
  return parts;
}

async function readPart(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) throw new Error('the file became shorter while it was stored');
    filled += bytesRead;
  }
  return bytes;
}

async function isStored(
  client: S3Client,
  target: { readonly Bucket: string; readonly Key: string },
  token: string,
): Promise<boolean> {
  const { Metadata } = await client.send(new HeadObjectCommand(target));
  return fateOf(token, Metadata?.[WRITES_ENTRY]) === 'stored';
}

function options(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
