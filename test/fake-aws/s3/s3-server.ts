import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { ServerClock } from '../server-clock.ts';
import { Bucket } from './bucket.ts';
import { type Answer, type Call, OPERATIONS, conditionsOf, operationOf } from './operations.ts';
import { S3Refusal } from './refusal.ts';
import { receiveBody } from './request-body.ts';
import { xmlDocument } from './xml.ts';

/** An answer that a test wants in place of the right one. */
export interface StagedRefusal {
  readonly operation: string;
  readonly status: number;
  readonly code: string;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many requests get it. */
  readonly times: number;
}

export interface S3Server {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  /** Requests answered so far, by operation. */
  requests(): Record<string, number>;
  /** The most requests that were being answered at once. */
  mostAtOnce(): number;
  /** Multipart uploads of a bucket that were neither completed nor aborted. */
  openUploads(bucket: string): number;
  /** The next requests of an operation are refused. */
  refuse(refusal: StagedRefusal): void;
  /** The next answers of GetObject break off half-way; `meanwhile` is run before each does. */
  breakBodies(times: number, meanwhile?: () => Promise<unknown>): void;
  close(): Promise<void>;
}

/** How long a signature is taken for before and after its time. */
const MOST_SKEW_SECONDS = 900;

export interface S3ServerOptions {
  /** How long each request is under way: none by default, so that tests are quick. */
  readonly answerAfterMs?: number;
  /** How far the server's clock is ahead of this machine's; negative: behind it. Default 0. */
  readonly clockAheadSeconds?: number;
  /** What it does otherwise than S3, as servers that speak its API are seen to. */
  readonly breaches?: readonly Breach[];
}

export type Breach =
  /** Takes no notice of these headers. */
  | 'if-none-match'
  | 'if-match'
  | 'range'
  /** Looks whether a condition holds, and writes a while later. */
  | 'racing'
  /** What was written or deleted less than a second ago is not seen by lists. */
  | 'late-lists'
  /** Gives every object the same ETag. */
  | 'same-etags';

/** How late those lists are, and how long after looking a racing server writes, in ms. */
const LATE_MS = 1000;
const RACING_MS = 20;

/**
 * Starts an S3 server of this process, on a free port. All is in memory. What it does is written down in
 * s3-server.md.
 */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const clock = new ServerClock(options.clockAheadSeconds);
  const buckets = new Map<string, Bucket>();
  const counts: Record<string, number> = {};
  const refusals: { refusal: StagedRefusal; left: number }[] = [];
  let toBreak: { times: number; meanwhile: (() => Promise<unknown>) | undefined } = {
    times: 0,
    meanwhile: undefined,
  };
  let [atOnce, most] = [0, 0];

  async function answer(request: IncomingMessage): Promise<Answer & { operation: string }> {
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, bucketName = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(decodeURIComponent(url.pathname)) ?? [];
    const operation = operationOf(request.method ?? '', key !== '', url.searchParams);
    counts[operation] = (counts[operation] ?? 0) + 1;
    const since = buckets.get(bucketName)?.now ?? 0;
    const body = await receiveBody(request);
    const skewed = clock.check(request.headers, MOST_SKEW_SECONDS);
    if (skewed !== undefined) {
      throw new S3Refusal(
        403,
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
      );
    }
    const staged = refusals.find(({ refusal, left }) => left > 0 && refusal.operation === operation);
    if (staged !== undefined) {
      staged.left--;
      const { status, code, message = 'staged by a test', headers } = staged.refusal;
      return {
        operation,
        ...errorAnswer(new S3Refusal(status, code, message)),
        ...(headers && { headers }),
      };
    }
    const bucket = buckets.get(bucketName);
    if (operation === 'CreateBucket') {
      if (bucket === undefined) buckets.set(bucketName, new Bucket());
      return { operation, status: 200, headers: { location: `/${bucketName}` } };
    }
    if (bucket === undefined) throw new S3Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist');
    const call: Call = {
      bucket,
      bucketName,
      key,
      query: url.searchParams,
      headers: request.headers,
      body,
      since,
    };
    const handle = OPERATIONS[operation];
    if (handle === undefined) throw new S3Refusal(501, 'NotImplemented', `${operation} is not implemented`);
    return { operation, ...(await breaking(options.breaches ?? [], operation, call, handle)) };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    atOnce++;
    most = Math.max(most, atOnce);
    try {
      if (options.answerAfterMs !== undefined) await setTimeout(options.answerAfterMs);
      const { operation, ...given } = await answer(request).catch((error: unknown) => {
        if (error instanceof S3Refusal) return { operation: '', ...errorAnswer(error) };
        throw error;
      });
      const breaks = operation === 'GetObject' && given.status < 300 && toBreak.times > 0;
      if (breaks) {
        toBreak.times--;
        await toBreak.meanwhile?.();
      }
      response.setHeader('date', clock.date());
      send(request, response, given, breaks);
    } catch {
      // The client has gone away, or this server is wrong: either way the connection can not go on.
      request.destroy();
    } finally {
      atOnce--;
    }
  }

  const server = createServer((request, response) => void serve(request, response));
  await listen(server);
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests: () => ({ ...counts }),
    mostAtOnce: () => most,
    openUploads: (bucket) => buckets.get(bucket)?.uploads ?? 0,
    refuse: (refusal) => void refusals.push({ refusal, left: refusal.times }),
    breakBodies: (times, meanwhile) => {
      toBreak = { times, meanwhile };
    },
    close: () => close(server),
  };
}

/** Answers as a server does that keeps not all of S3's promises. */
async function breaking(
  breaches: readonly Breach[],
  operation: string,
  call: Call,
  handle: (call: Call) => Answer,
): Promise<Answer> {
  const headers = { ...call.headers };
  for (const header of ['if-none-match', 'if-match', 'range'] as const) {
    if (breaches.includes(header)) delete headers[header];
  }
  const isConditional = headers['if-match'] !== undefined || headers['if-none-match'] !== undefined;
  if (breaches.includes('racing') && operation === 'PutObject' && isConditional) {
    call.bucket.check(call.key, conditionsOf(headers), call.since);
    await setTimeout(RACING_MS);
    for (const header of ['if-none-match', 'if-match']) delete headers[header];
  }
  const hidden = breaches.includes('late-lists') ? { notAfter: Date.now() - LATE_MS } : {};
  const answer = handle({ ...call, headers, ...hidden });
  if (!breaches.includes('same-etags') || answer.headers?.etag === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, etag: '"00000000000000000000000000000000"' } };
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer, breaks: boolean): void {
  const { status, headers = {}, body = '' } = answer;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, {
    'content-length': bytes.length,
    ...(typeof body === 'string' && body !== '' && { 'content-type': 'application/xml' }),
    'x-amz-request-id': randomUUID(),
    ...headers,
  });
  if (breaks) {
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    return;
  }
  // HEAD tells a GET's length and sends none of it.
  if (request.method === 'HEAD') response.end();
  else response.end(bytes);
}

function errorAnswer({ status, code, message }: S3Refusal): Answer {
  return { status, body: xmlDocument('Error', { Code: code, Message: message, RequestId: randomUUID() }) };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
