import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { crc32Of } from './bucket.ts';
import { S3Refusal } from './refusal.ts';

/**
 * Receives a request's body and checks it against every digest that came with it: `x-amz-content-sha256`,
 * `content-md5`, and CRC32 in a header or, with `aws-chunked`, in the trailer.
 * @throws S3Refusal 400 BadDigest, XAmzContentSHA256Mismatch, IncompleteBody, InvalidRequest
 */
export async function receiveBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const received = Buffer.concat(chunks);
  const { headers } = request;
  const isChunked = headers['content-encoding']?.includes('aws-chunked') === true;
  const { bytes, trailer } = isChunked
    ? decodeChunks(received)
    : { bytes: received, trailer: new Map<string, string>() };

  const sha256 = headers['x-amz-content-sha256'];
  if (
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    sha256 !== digestOf('sha256', bytes).toString('hex')
  ) {
    throw new S3Refusal(
      400,
      'XAmzContentSHA256Mismatch',
      'The provided x-amz-content-sha256 header does not match what was computed.',
    );
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && md5 !== digestOf('md5', bytes).toString('base64')) throw badDigest('Content-MD5');
  const crc32 = headers['x-amz-checksum-crc32'] ?? trailer.get('x-amz-checksum-crc32');
  if (crc32 !== undefined && crc32 !== crc32Of(bytes)) throw badDigest('CRC32');
  const promised = headers['x-amz-trailer'];
  if (typeof promised === 'string' && !trailer.has(promised))
    throw new S3Refusal(
      400,
      'MalformedTrailerError',
      'The request contained trailing data that was not well-formed.',
    );
  return bytes;
}

/**
 * Takes `aws-chunked` apart: `size[;chunk-signature=...]\r\n data \r\n`, a chunk of size 0, then the trailer's lines.
 * docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
function decodeChunks(received: Buffer): { bytes: Buffer; trailer: Map<string, string> } {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = received.indexOf('\r\n', at);
    const size = Number.parseInt(received.subarray(at, lineEnd).toString('latin1'), 16);
    if (lineEnd < 0 || Number.isNaN(size))
      throw new S3Refusal(400, 'IncompleteBody', 'The request body terminated unexpectedly.');
    at = lineEnd + 2;
    if (size === 0)
      return { bytes: Buffer.concat(chunks), trailer: trailerOf(received.subarray(at).toString('latin1')) };
    chunks.push(received.subarray(at, at + size));
    at += size + 2;
  }
}

function trailerOf(text: string): Map<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function digestOf(algorithm: 'md5' | 'sha256', bytes: Buffer): Buffer {
  return createHash(algorithm).update(bytes).digest();
}

function badDigest(which: string): S3Refusal {
  return new S3Refusal(400, 'BadDigest', `The ${which} you specified did not match the calculated checksum.`);
}
