import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.ts';

describe('the proxy that breaks things', () => {
  let behind: Server;
  let target: string;
  let proxy: FaultProxy | undefined;
  /** What reached the server behind. */
  let reached: string[];

  beforeEach(async () => {
    reached = [];
    behind = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        reached.push(`${request.method} ${request.url} ${request.headers.host} ${body}`);
        response.writeHead(201, { 'x-own': 'header' }).end('0123456789');
      });
    });
    await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve));
    target = `http://127.0.0.1:${(behind.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await proxy?.close();
    behind.close();
    behind.closeAllConnections();
  });

  async function through(fault: Fault | undefined): Promise<Response> {
    proxy = await startFaultProxy({ target, script: [fault] });
    return fetch(`${proxy.endpoint}/path?x=1`, { method: 'PUT', body: 'sent' });
  }

  it('passes requests and answers on as they are', async () => {
    const answer = await through(undefined);
    expect([answer.status, answer.headers.get('x-own'), await answer.text()]).toEqual([
      201,
      'header',
      '0123456789',
    ]);
    expect(reached).toEqual([`PUT /path?x=1 ${new URL(proxy?.endpoint ?? '').host} sent`]);
    expect(proxy?.counts().passed).toBe(1);
  });

  it.each([
    ['slowDown', 503, '<Code>SlowDown</Code>'],
    ['serverError', 500, '<Code>InternalError</Code>'],
    ['throttle', 429, '{"message":"Too Many Requests"}'],
  ] as const)('answers itself: %s', async (fault, status, words) => {
    const answer = await through(fault);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(words);
    expect(reached).toEqual([]);
    expect(proxy?.counts()[fault]).toBe(1);
  });

  it('words its answers as it is told', async () => {
    const render = () => ({ status: 599, headers: { 'x-kind': 'own' }, body: 'no' });
    proxy = await startFaultProxy({ target, script: ['throttle'], render });
    const answer = await fetch(proxy.endpoint);
    expect([answer.status, answer.headers.get('x-kind'), await answer.text()]).toEqual([599, 'own', 'no']);
  });

  it('breaks the connection before the request was passed on', async () => {
    await expect(through('resetBefore')).rejects.toThrow('fetch failed');
    expect(reached).toEqual([]);
  });

  it('loses an answer after the request was obeyed', async () => {
    await expect(through('loseResponse')).rejects.toThrow('fetch failed');
    expect(reached).toHaveLength(1);
  });

  it('breaks an answer off in its body', async () => {
    const answer = await through('breakBody');
    expect(answer.status).toBe(201);
    await expect(answer.text()).rejects.toThrow('terminated');
  });

  it('hits the shares that it was given, the same ones with the same seed', async () => {
    const hits = async (seed: number) => {
      const seeded = await startFaultProxy({ target, seed, faults: { slowDown: 0.1, throttle: 0.2 } });
      const statuses: number[] = [];
      for (let i = 0; i < 500; i++) {
        const answer = await fetch(seeded.endpoint);
        await answer.arrayBuffer();
        statuses.push(answer.status);
      }
      await seeded.close();
      return statuses;
    };
    const first = await hits(1);
    const share = (status: number) => first.filter((each) => each === status).length / first.length;
    expect(share(503)).toBeCloseTo(0.1, 1);
    expect(share(429)).toBeCloseTo(0.2, 1);
    expect(await hits(1)).toEqual(first);
    expect(await hits(2)).not.toEqual(first);
  });
});
