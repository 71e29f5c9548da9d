import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { open } from 'node:fs/promises';
import { messageOf } from '../errors.ts';
import { awsFailure } from './aws-failure.ts';
import { isArchived, isMissingObject, isPreconditionFailed, isRangeNotSatisfiable } from './s3-answers.ts';
import { bodyOf, pauseBefore } from './s3-body.ts';
import { sharedS3Client } from './s3-client.ts';
import {
  type SourceAddress,
  type SourceObjects,
  type SourceReadOptions,
  type SourceVersion,
  SourceObjectError,
} from './source-objects.ts';

/** Times that a read goes on after a broken connection. */
const MOST_RESUMPTIONS = 5;

/** Where a read's bytes go. */
interface Sink {
  /** Takes the bytes from `offset` on; the chunk is the sink's own. What it throws passes through. */
  write(chunk: Buffer, offset: number): Promise<void>;
}

/**
 * Opens the objects of S3 that a manifest names. Nothing is asked of S3 yet.
 *
 * What concerns one object is a SourceObjectError; missing credentials, a wrong region, and S3 out of reach or
 * refusing every attempt concern all, and are a BackfillError (aws-failure.ts). What the file system throws under `download` passes through.
 *
 * @param client for tests; the product has one client for each process
 */
export function openS3Sources(client: S3Client = sharedS3Client()): SourceObjects {
  return {
    async download(address, path, options) {
      options.signal.throwIfAborted();
      const file = await open(path, 'w');
      try {
        return await readInto(client, address, options, {
          async write(chunk, offset) {
            for (let written = 0; written < chunk.length; ) {
              const position = offset + written;
              written += (await file.write(chunk, written, chunk.length - written, position)).bytesWritten;
            }
          },
        });
      } finally {
        await file.close();
      }
    },

    async read(address, options) {
      const chunks: Buffer[] = [];
      let length = 0;
      const version = await readInto(client, address, options, {
        async write(chunk, offset) {
          // A read that starts anew takes back what it had.
          if (offset < length) [chunks.length, length] = [0, 0];
          chunks.push(chunk);
          length += chunk.length;
        },
      });
      return { ...version, content: Buffer.concat(chunks) };
    },
  };
}

/** The version that a read is pinned to. */
interface Pinned {
  /** With its quotes. */
  readonly etag: string;
  readonly size: number;
}

/** Reads one version of an object, with as many requests as it takes: one, mostly. */
async function readInto(
  client: S3Client,
  address: SourceAddress,
  options: SourceReadOptions,
  sink: Sink,
): Promise<SourceVersion> {
  const { signal, maxBytes } = options;
  let pinned: Pinned | undefined;
  let received = 0;
  for (let resumptions = 0; ; resumptions++) {
    const answer = await request(client, address, pinned, received, signal);
    const body = bodyOf(answer, signal);
    pinned ??= { etag: answer.ETag ?? '', size: answer.ContentLength ?? 0 };
    const { size } = pinned;
    // A server that does not know ranges sends the same version from its beginning.
    if (received > 0 && answer.ContentRange?.startsWith(`bytes ${received}-`) !== true) received = 0;
    if (size > maxBytes) {
      body.destroy();
      const message = `${uriOf(address)} has ${size} bytes, over the limit of ${maxBytes}`;
      throw new SourceObjectError('too-large', message);
    }
    let sinkFailed = false;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        await sink.write(chunk, received).catch((error: unknown) => {
          sinkFailed = true;
          throw error;
        });
        received += chunk.length;
      }
      if (received === size) return { etag: pinned.etag.replace(/^"|"$/g, ''), bytes: size };
      throw new Error(`the body ended after ${received} of ${size} bytes`);
    } catch (error) {
      signal.throwIfAborted();
      if (sinkFailed) throw error;
      if (resumptions === MOST_RESUMPTIONS) {
        const message = `reading ${uriOf(address)} broke off ${resumptions + 1} times: ${messageOf(error)}`;
        throw new SourceObjectError('unreadable', message, { cause: error });
      }
      // All bytes, and an error: the SDK found that their checksum is another.
      if (received >= size) received = 0;
    }
    await pauseBefore(resumptions + 1, signal);
  }
}

/** Asks for an object, or for what of the pinned version has not come yet. */
async function request(
  client: S3Client,
  { bucket, key }: SourceAddress,
  pinned: Pinned | undefined,
  received: number,
  signal: AbortSignal,
): Promise<GetObjectCommandOutput> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    IfMatch: pinned?.etag,
    Range: received === 0 ? undefined : `bytes=${received}-`,
  });
  try {
    return await client.send(command, { abortSignal: signal });
  } catch (error) {
    signal.throwIfAborted();
    throw problemOf(error, { bucket, key }, pinned !== undefined);
  }
}

/** What a refused read is: the object's own problem, or one of all reads. */
function problemOf(error: unknown, address: SourceAddress, isResumed: boolean): unknown {
  const uri = uriOf(address);
  const cause = { cause: error };
  if (isResumed && (isPreconditionFailed(error) || isMissingObject(error) || isRangeNotSatisfiable(error)))
    return new SourceObjectError('changed', `${uri} was changed while it was read`, cause);
  if (isMissingObject(error)) return new SourceObjectError('missing', `there is no object at ${uri}`, cause);
  if (isArchived(error)) {
    const message = `${uri} is archived: restore it first (aws s3api restore-object)`;
    return new SourceObjectError('archived', message, cause);
  }
  const failure = awsFailure(error, { doing: `read ${uri}`, needs: `s3:GetObject on ${uri}` });
  switch (failure?.code) {
    case 'no-such-bucket':
      return new SourceObjectError('missing', `there is no bucket ${address.bucket} for ${uri}`, cause);
    case 'aws-denied':
      return new SourceObjectError('denied', `${uri} may not be read: ${failure?.hint}`, cause);
    case 'aws-refused':
      return new SourceObjectError('unreadable', `${uri} can not be read: ${messageOf(error)}`, cause);
    default:
      return failure ?? error;
  }
}

function uriOf({ bucket, key }: SourceAddress): string {
  return `s3://${bucket}/${key}`;
}
