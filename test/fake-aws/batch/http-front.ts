/**
 * The HTTP side: Batch as restJson1 (`POST /v1/<operation>`), CloudWatch Logs, ECR and Service Quotas as AWS JSON 1.1
 * (`POST /` with x-amz-target), EC2 as its Query API (`POST /` with a form), all at one endpoint; faults are laid over
 * all of them here.
 * Sources: smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html, aws-json-1_1-protocol.html and
 * aws-ec2-query-protocol.html.
 */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { ServerClock } from '../server-clock.ts';
import type { Fault, Faults } from './faults.ts';
import type { Operation } from './operations.ts';
import { ServiceError, clientError } from './service-error.ts';

const MOST_BYTES = 1024 * 1024;
const MOST_SKEW_SECONDS = 300;
const TARGET = /^(?:Logs_20140328|AmazonEC2ContainerRegistry_V20150921|ServiceQuotasV20190624)\.(\w+)$/;

export interface RecordedRequest {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly fault: Fault | undefined;
}

export interface FrontParts {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly faults: Faults;
  readonly denied: ReadonlySet<string>;
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
  const json11 = request.headers['x-amz-target'] !== undefined;
  response.setHeader('date', parts.clock.date());
  const bytes = await bodyOf(request);
  const form = String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded')
    ? Object.fromEntries(new URLSearchParams(bytes.toString()))
    : undefined;
  const name =
    form?.Action ??
    TARGET.exec(String(request.headers['x-amz-target']))?.[1] ??
    byPath.get(request.url?.split('?')[0] ?? '');
  const refused = (error: unknown): void => refuse(response, json11, form !== undefined, error);
  const skewed = parts.clock.check(request.headers, MOST_SKEW_SECONDS);
  if (skewed !== undefined) {
    const { requestTime, serverTime, isTooOld } = skewed;
    const message = isTooOld
      ? `Signature expired: ${requestTime} is now earlier than ${serverTime} (${serverTime} - 5 min.)`
      : `Signature not yet current: ${requestTime} is still later than ${serverTime} (${serverTime} + 5 min.)`;
    refused(new ServiceError(403, 'InvalidSignatureException', message));
    return;
  }
  const operation = name === undefined ? undefined : parts.operations[name];
  if (name === undefined || operation === undefined || request.method !== 'POST') {
    refused(new ServiceError(404, 'UnknownOperationException', `no ${request.method} ${request.url}`));
    return;
  }
  const fault = parts.faults.draw(name, Date.now());
  try {
    const body = form ?? parse(bytes);
    parts.record({ operation: name, body, fault });
    if (parts.denied.has(name)) throw denied(name);
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

/** In the words of docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html. */
function denied(operation: string): ServiceError {
  const who = 'arn:aws:iam::123456789012:user/operator';
  const action = `batch:${operation}`;
  return new ServiceError(
    403,
    'AccessDeniedException',
    `User: ${who} is not authorized to perform: ${action} on resource: arn:aws:batch:us-east-1:123456789012:job-queue/backfill-spot because no identity-based policy allows the ${action} action`,
  );
}

function throttled(json11: boolean): ServiceError {
  return json11
    ? new ServiceError(400, 'ThrottlingException', 'Rate exceeded')
    : new ServiceError(429, 'TooManyRequestsException', 'Too Many Requests');
}

function serverError(json11: boolean): ServiceError {
  return new ServiceError(500, json11 ? 'InternalFailure' : 'ServerException', 'Internal failure');
}

function refuse(response: ServerResponse, json11: boolean, isQuery: boolean, error: unknown): void {
  const refusal =
    error instanceof ServiceError ? error : new ServiceError(500, 'ServerException', String(error));
  response.setHeader('x-amzn-errortype', refusal.type);
  // Batch wraps what a person would want to read; so do we, lest anyone match the whole message.
  const message =
    refusal.type === 'ClientException'
      ? `Error executing request, Exception : ${refusal.message}, RequestId: ${randomUUID()}`
      : refusal.message;
  const { status, type } = refusal;
  // docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  const xml = `<Response><Errors><Error><Code>${type}</Code><Message>${message}</Message></Error></Errors></Response>`;
  send(response, json11, status, isQuery ? xml : { __type: type, message });
}

function send(response: ServerResponse, json11: boolean, status: number, body: object | string): void {
  const json = json11 ? 'application/x-amz-json-1.1' : 'application/json';
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/xml;charset=UTF-8' : json,
    'x-amzn-requestid': randomUUID(),
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
