import { once } from 'node:events';
import { Agent, type IncomingMessage, createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on its way. */
export interface TappedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
}

export interface Tap {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Passes all requests on to a server, and tells of each before it goes and after it was answered. Nothing goes
 * on before what was told has come back: whoever listens may end the sender at a moment of its choice.
 */
export async function startTap(
  target: string,
  onRequest: (request: TappedRequest, when: 'before' | 'after') => Promise<void> | void,
): Promise<Tap> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (incoming, response) => {
    const tapped = { method: incoming.method ?? '', path: incoming.url ?? '' };
    await onRequest(tapped, 'before');
    const { hostname, port } = new URL(target);
    const outgoing = forward({
      agent,
      hostname,
      port,
      method: tapped.method,
      path: tapped.path,
      // The host's name is signed: it goes through as it came.
      headers: incoming.headers,
    });
    // Whoever sent it may be gone before it is sent whole, or before it is answered.
    outgoing.on('error', () => response.destroy());
    incoming.on('error', () => outgoing.destroy());
    incoming.pipe(outgoing);
    const [answer] = (await once(outgoing, 'response').catch(() => [undefined])) as [IncomingMessage?];
    if (answer === undefined) return;
    await onRequest(tapped, 'after');
    response.on('error', () => {});
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await once(server, 'close');
    },
  };
}
