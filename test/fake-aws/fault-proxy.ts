import { once } from 'node:events';
import {
  Agent,
  type IncomingMessage,
  type ServerResponse,
  createServer,
  request as forward,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What can be done to a request; fault-proxy.md says which real event each stands for. */
export type Fault = 'slowDown' | 'throttle' | 'serverError' | 'resetBefore' | 'loseResponse' | 'breakBody';

/** Faults that are answers of the service. */
export type AnsweredFault = 'slowDown' | 'throttle' | 'serverError';

export interface RenderedFault {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type FaultProxyOptions = FaultChoice & {
  /** The server behind: `http://host:port`. */
  readonly target: string;
  /** How the service words its refusals; S3's and AWS Batch's words where it is left out. */
  readonly render?: (fault: AnsweredFault) => RenderedFault;
};

export type FaultChoice =
  | {
      /** Of the pseudo-random numbers that pick the faults; a whole number. */
      readonly seed: number;
      /** Share of the requests, from 0 to 1, that each fault befalls; together at most 1. */
      readonly faults: Readonly<Partial<Record<Fault, number>>>;
    }
  | {
      /** What befalls the first requests, one after another; all later ones are passed on. */
      readonly script: readonly (Fault | undefined)[];
    };

export interface FaultProxy {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  /** What was done so far. */
  counts(): Readonly<Record<Fault | 'passed', number>>;
  close(): Promise<void>;
}

/**
 * Starts an HTTP proxy in front of a server that does to some requests what networks and services do now and
 * then. Which ones is drawn from a seed; with one request after another the same are hit each time. The `host`
 * header goes through as it came, since AWS signatures cover it.
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { target, render = renderAwsFault } = options;
  const pick = 'script' in options ? fromScript(options.script) : atRandom(options.faults, options.seed);
  const agent = new Agent({ keepAlive: true });
  const counts = {
    passed: 0,
    slowDown: 0,
    throttle: 0,
    serverError: 0,
    resetBefore: 0,
    loseResponse: 0,
    breakBody: 0,
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = pick();
    if (fault === 'resetBefore') {
      counts.resetBefore++;
      request.socket.resetAndDestroy();
      return;
    }
    if (fault === 'slowDown' || fault === 'throttle' || fault === 'serverError') {
      counts[fault]++;
      request.resume();
      await once(request, 'end');
      const { status, headers, body } = render(fault);
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
      return;
    }
    const answer = await passOn(request);
    const body = await bytesOf(answer);
    if (fault === 'loseResponse') {
      counts.loseResponse++;
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    // An answer without a body, or with one byte of it, has no half to break off after.
    if (fault === 'breakBody' && body.length > 1) {
      counts.breakBody++;
      response.write(body.subarray(0, body.length / 2), () => request.socket.resetAndDestroy());
      return;
    }
    counts.passed++;
    response.end(body);
  }

  /** Sends a request to the server behind, and resolves with the head of its answer. */
  function passOn(request: IncomingMessage): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { method, headers } = request;
      const passed = forward(`${target}${request.url ?? '/'}`, { method, headers, agent }, resolve);
      passed.on('error', reject);
      request.on('error', reject);
      request.pipe(passed);
    });
  }

  const server = createServer((request, response) => {
    // Where the client or the server behind has gone away, the other one is told by a broken connection.
    handle(request, response).catch(() => request.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts: () => ({ ...counts }),
    close: async () => {
      agent.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** SlowDown and InternalError as S3 words them, throttling as AWS Batch does. */
export function renderAwsFault(fault: AnsweredFault): RenderedFault {
  if (fault === 'throttle') {
    return {
      status: 429,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'TooManyRequestsException' },
      body: JSON.stringify({ message: 'Too Many Requests' }),
    };
  }
  const [status, code, message] =
    fault === 'slowDown'
      ? [503, 'SlowDown', 'Please reduce your request rate.']
      : [500, 'InternalError', 'We encountered an internal error. Please try again.'];
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}

function fromScript(script: readonly (Fault | undefined)[]): () => Fault | undefined {
  const left = [...script];
  return () => left.shift();
}

function atRandom(faults: Readonly<Partial<Record<Fault, number>>>, seed: number): () => Fault | undefined {
  const random = pseudoRandom(seed);
  return () => {
    let left = random();
    for (const [fault, share] of Object.entries(faults) as [Fault, number][]) {
      left -= share;
      if (left < 0) return fault;
    }
    return undefined;
  };
}

/** Numbers from 0 up to 1, the same for the same seed: a Weyl sequence through the mixing steps of MurmurHash3. */
function pseudoRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
