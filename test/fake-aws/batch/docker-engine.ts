/**
 * The calls of the Docker Engine API that running a container takes, over its socket.
 * Source: docs.docker.com/reference/api/engine/ (containers: create, start, kill, wait, logs, inspect, delete).
 */
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { StringDecoder } from 'node:string_decoder';

export class DockerError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'DockerError';
    this.status = status;
  }
}

export class DockerEngine {
  readonly #where: RequestOptions;

  /** `address`: `unix:///path` or `tcp://host:port`; by default DOCKER_HOST, or the usual socket. */
  constructor(address: string = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock') {
    const { protocol, pathname, hostname, port } = new URL(address);
    this.#where = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };
  }

  /** Whether an engine answers. */
  async answers(): Promise<boolean> {
    try {
      await this.call('GET', '/_ping');
      return true;
    } catch {
      return false;
    }
  }

  /** Makes a call and returns its answer's text. @throws DockerError with the engine's message */
  async call(method: string, path: string, body?: object | Buffer): Promise<string> {
    const response = await this.#send(method, path, body);
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  /** Hands on each line that a container writes to stdout or stderr, from its start, until it ends. */
  async followLogs(container: string, log: (line: string) => void): Promise<void> {
    const response = await this.#send('GET', `/containers/${container}/logs?follow=1&stdout=1&stderr=1`);
    const splitters = [lineSplitter(log), lineSplitter(log), lineSplitter(log)];
    let pending: Buffer = Buffer.alloc(0);
    for await (const chunk of response as AsyncIterable<Buffer>) {
      pending = Buffer.concat([pending, chunk]);
      // Each frame: the stream's number, three zeros, the length in 32 bits, and the bytes.
      while (pending.length >= 8 && pending.length >= 8 + pending.readUInt32BE(4)) {
        const end = 8 + pending.readUInt32BE(4);
        splitters[pending[0] ?? 0]?.push(pending.subarray(8, end));
        pending = pending.subarray(end);
      }
    }
    for (const splitter of splitters) splitter.end();
  }

  async #send(method: string, path: string, body?: object | Buffer): Promise<IncomingMessage> {
    const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const type = Buffer.isBuffer(body) ? 'application/x-tar' : 'application/json';
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = bytes === undefined ? {} : { 'content-type': type, 'content-length': bytes.length };
      const call = request({ ...this.#where, method, path, headers }, resolve);
      call.once('error', reject);
      call.end(bytes);
    });
    const status = response.statusCode ?? 500;
    if (status < 400) return response;
    const text = (await response.toArray()).join('');
    throw new DockerError(status, /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text);
  }
}

function lineSplitter(log: (line: string) => void): { push: (bytes: Buffer) => void; end: () => void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    push(bytes) {
      const lines = (rest + decoder.write(bytes)).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) log(line);
    },
    end() {
      if (rest !== '') log(rest);
    },
  };
}
