/**
 * The HTTP side: Batch as restJson1 (`POST /v1/<operation>`), CloudWatch Logs and ECR as AWS JSON 1.1
 * (`POST /` with x-amz-target), all at one endpoint; faults are laid over all of them here.
 * Sources: smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html and aws-json-1_1-protocol.html.
 */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { ServerClock } from '../server-clock.ts';
import type { Fault, Faults } from './faults.ts';
import type { Operation } from './operations.ts';
import { ServiceError, clientError } from './service-error.ts';

const MOST_BYTES = 1024 * 1024;
const MOST_SKEW_SECONDS = 300;
const TARGET = /^(?:Logs_20140328|AmazonEC2ContainerRegistry_V20150921)\.(\w+)$/;

export interface RecordedRequest {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly fault: Fault | undefined;
}

export interface FrontParts {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly faults: Faults;
  readonly clock: ServerClock;
  readonly record: (request: RecordedRequest) => void;
}

export function httpFront(parts: FrontParts): Server {
  const byPath = new Map(Object.keys(parts.operations).map((name) => [`/v1/${name.toLowerCase()}`, name]));
  return createServer((request, response) => {
    void answer(parts, byPath, request, response).catch(() => request.socket.destroy());
  });
}

async function answer(
  parts: FrontParts,
  byPath: ReadonlyMap<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name =
    TARGET.exec(String(request.headers['x-amz-target']))?.[1] ?? byPath.get(request.url?.split('?')[0] ?? '');
  const json11 = request.headers['x-amz-target'] !== undefined;
  response.setHeader('date', parts.clock.date());
  const bytes = await bodyOf(request);
  const skewed = parts.clock.check(request.headers, MOST_SKEW_SECONDS);
  if (skewed !== undefined) {
    const { requestTime, serverTime, isTooOld } = skewed;
    const message = isTooOld
      ? `Signature expired: ${requestTime} is now earlier than ${serverTime} (${serverTime} - 5 min.)`
      : `Signature not yet current: ${requestTime} is still later than ${serverTime} (${serverTime} + 5 min.)`;
    refuse(response, json11, new ServiceError(403, 'InvalidSignatureException', message));
    return;
  }
  const operation = name === undefined ? undefined : parts.operations[name];
  if (name === undefined || operation === undefined || request.method !== 'POST') {
    refuse(
      response,
      json11,
      new ServiceError(404, 'UnknownOperationException', `no ${request.method} ${request.url}`),
    );
    return;
  }
  const fault = parts.faults.draw(name, Date.now());
  const refused = (error: unknown): void => refuse(response, json11, error);
  try {
    const body = parse(bytes);
    parts.record({ operation: name, body, fault });
    if (fault === 'throttle') throw throttled(json11);
    if (fault === 'serverError') throw serverError(json11);
    const result = operation(body, bytes.length);
    if (fault === 'loseResponse') request.socket.destroy();
    else if (fault === 'errorAfterAcceptance') throw serverError(json11);
    else send(response, json11, 200, result);
  } catch (error) {
    refused(error);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new Error('request too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(bytes.toString()) as Record<string, unknown>;
  } catch {
    throw clientError('request body is not JSON');
  }
}

function throttled(json11: boolean): ServiceError {
  return json11
    ? new ServiceError(400, 'ThrottlingException', 'Rate exceeded')
    : new ServiceError(429, 'TooManyRequestsException', 'Too Many Requests');
}

function serverError(json11: boolean): ServiceError {
  return new ServiceError(500, json11 ? 'InternalFailure' : 'ServerException', 'Internal failure');
}

function refuse(response: ServerResponse, json11: boolean, error: unknown): void {
  const refusal =
    error instanceof ServiceError ? error : new ServiceError(500, 'ServerException', String(error));
  response.setHeader('x-amzn-errortype', refusal.type);
  // Batch wraps what a person would want to read; so do we, lest anyone match the whole message.
  const message =
    refusal.type === 'ClientException'
      ? `Error executing request, Exception : ${refusal.message}, RequestId: ${randomUUID()}`
      : refusal.message;
  send(response, json11, refusal.status, { __type: refusal.type, message });
}

function send(response: ServerResponse, json11: boolean, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': json11 ? 'application/x-amz-json-1.1' : 'application/json',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify(body));
}
