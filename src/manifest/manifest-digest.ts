/**
 * SHA-256 of a manifest's bytes as they pass. Of a large one it is made on the other core: it would be a sixth of
 * all that the thread which reads the manifest has to do.
 */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DigestAnswer, DigestRequest } from './digest-thread.ts';

export interface ManifestDigest {
  /** Takes the next bytes, which are the caller's again; what it returns, now and then, bounds the memory if awaited. */
  update(bytes: Uint8Array): Promise<void> | undefined;
  /** All bytes have come: the digest in hex. Once. */
  digest(): Promise<string>;
  /** Gives up, if need be before the digest is asked for. */
  close(): Promise<void>;
}

/** Below this a thread would take longer to start than it saves. */
const LARGE_BYTES = 64 * 1024 * 1024;

/** @param sizeBytes How many bytes will come, where that is known. */
export function manifestDigest(sizeBytes: number | undefined): ManifestDigest {
  return (sizeBytes ?? 0) < LARGE_BYTES ? inlineDigest() : new ThreadedDigest();
}

function inlineDigest(): ManifestDigest {
  const hash = createHash('sha256');
  return {
    update(bytes) {
      hash.update(bytes);
      return undefined;
    },
    digest: async () => hash.digest('hex'),
    close: async () => {},
  };
}

const THREAD = new URL(`./digest-thread${extname(import.meta.url)}`, import.meta.url);
/** Chunks on their way to the thread. */
const CHUNKS_IN_FLIGHT = 8;

class ThreadedDigest implements ManifestDigest {
  readonly #thread = new Worker(THREAD);
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  readonly #digest = Promise.withResolvers<string>();
  #inFlight = 0;
  /** Waits for one chunk to be digested. */
  #room: PromiseWithResolvers<void> | undefined;

  constructor() {
    this.#thread.on('message', (answer: DigestAnswer) => this.#take(answer));
    this.#thread.on('error', (error) => this.#fail(error));
    this.#thread.on('exit', () => this.#fail(new Error('the thread that digests the manifest has ended')));
    // It is asked for in the end, or never.
    this.#digest.promise.catch(() => {});
  }

  update(bytes: Uint8Array): Promise<void> | undefined {
    const found = this.#spare.pop();
    const copy = found !== undefined && found.length >= bytes.length ? found : new Uint8Array(bytes.length);
    copy.set(bytes);
    this.#ask({ bytes: copy, length: bytes.length });
    this.#inFlight += 1;
    if (this.#inFlight < CHUNKS_IN_FLIGHT) return undefined;
    this.#room = Promise.withResolvers();
    return this.#room.promise;
  }

  digest(): Promise<string> {
    this.#ask(undefined);
    return this.#digest.promise;
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #ask(request: DigestRequest): void {
    this.#thread.postMessage(request, request === undefined ? [] : [request.bytes.buffer]);
  }

  #take(answer: DigestAnswer): void {
    if (typeof answer === 'string') {
      this.#digest.resolve(answer);
      return;
    }
    this.#spare.push(answer);
    this.#inFlight -= 1;
    this.#room?.resolve();
  }

  #fail(error: Error): void {
    this.#digest.reject(error);
    this.#room?.reject(error);
  }
}
