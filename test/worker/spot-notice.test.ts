import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spotNotice } from '../../src/worker/spot-notice.ts';

const JOB = { AWS_BATCH_JOB_ID: 'job' };

describe('the notice that a spot instance is taken away', () => {
  let server: Server;
  /** Tokens are one use old at once, so that renewing is met. */
  let tokens: number;
  let looks: number;
  let noticeAtLook: number;
  /** The first so many requests for a token are answered too late, or refused. */
  let lateTokens: number;
  let refusedTokens: number;
  let environment: Record<string, string>;

  beforeEach(async () => {
    [tokens, looks, noticeAtLook] = [0, 0, Number.POSITIVE_INFINITY];
    [lateTokens, refusedTokens] = [0, 0];
    server = createServer((request, response) => {
      if (request.url === '/latest/api/token' && request.method === 'PUT') {
        if (lateTokens-- > 0) return;
        if (refusedTokens-- > 0) {
          response.writeHead(503).end();
          return;
        }
        const isAsked = request.headers['x-aws-ec2-metadata-token-ttl-seconds'] !== undefined;
        response.writeHead(isAsked ? 200 : 400).end(`token-${++tokens}`);
      } else if (request.url === '/latest/meta-data/spot/instance-action') {
        looks += 1;
        const isValid = request.headers['x-aws-ec2-metadata-token'] === `token-${tokens}`;
        if (!isValid || looks === 2) response.writeHead(401).end();
        else if (looks < noticeAtLook) response.writeHead(404).end();
        else response.writeHead(200).end('{"action":"terminate","time":"2026-11-21T08:22:00Z"}');
      } else {
        response.writeHead(404).end();
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    environment = { ...JOB, AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}` };
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const wait = (signal: AbortSignal, more: Record<string, string> = {}): Promise<boolean> =>
    spotNotice({
      signal,
      environment: { ...environment, ...more },
      lookEveryMilliseconds: 1,
      answerWithinMilliseconds: 200,
    });

  it('is heard when it comes, with a new token where the old one has lapsed', async () => {
    noticeAtLook = 5;
    expect(await wait(new AbortController().signal)).toBe(true);
    expect([looks, tokens]).toEqual([5, 2]);
  });

  it.each([
    ['is too slow', () => (lateTokens = 2)],
    ['refuses', () => (refusedTokens = 3)],
  ])('is heard from a service that %s at first', async (_, begin) => {
    begin();
    noticeAtLook = 1;
    expect(await wait(new AbortController().signal)).toBe(true);
  });

  it('is heard from a service that is there only later', async () => {
    const { port } = server.address() as AddressInfo;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    noticeAtLook = 1;
    const heard = wait(new AbortController().signal);
    server.listen(port, '127.0.0.1');
    expect(await heard).toBe(true);
  });

  it('is waited for no longer than somebody wants to know', async () => {
    const over = new AbortController();
    const heard = wait(over.signal);
    await once(server, 'request');
    over.abort();
    expect(await heard).toBe(false);
  });

  it('is waited for as long where nobody answers', async () => {
    const over = new AbortController();
    const heard = wait(over.signal, { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:9' });
    over.abort();
    expect(await heard).toBe(false);
  });

  it('is not waited for outside of Batch, on Fargate, nor where the service is off', async () => {
    const { signal } = new AbortController();
    const { AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint = '' } = environment;
    const elsewhere = { AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint };
    expect(await spotNotice({ signal, environment: elsewhere })).toBe(false);
    expect(await wait(signal, { AWS_EC2_METADATA_DISABLED: 'true' })).toBe(false);
    expect(await wait(signal, { AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE' })).toBe(false);
    expect(looks).toBe(0);
  });
});
