/** A relay to a server on this machine that counts what comes back from it. */
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';

export interface CountingRelay {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  /** Bytes that the server has sent so far, headers among them. */
  bytes(): number;
  close(): void;
}

export async function startCountingRelay(serverEndpoint: string): Promise<CountingRelay> {
  const port = Number(new URL(serverEndpoint).port);
  let bytes = 0;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    upstream.on('data', (chunk: Buffer) => (bytes += chunk.length));
    client.pipe(upstream).pipe(client);
    // Whichever side goes, the other has nothing to wait for.
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => bytes,
    close: () => void server.close(),
  };
}
