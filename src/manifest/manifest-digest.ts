/**
 * SHA-256 of a manifest's bytes as they pass. Of a large one it is made on the other core: it would be a sixth of
 * all that the thread which reads the manifest has to do.
 */
import { createHash } from 'node:crypto';
import { AnsweringThread } from '../answering-thread.ts';
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

/** Chunks on their way to the thread. */
const CHUNKS_IN_FLIGHT = 8;

class ThreadedDigest implements ManifestDigest {
  readonly #thread = new AnsweringThread<DigestRequest, DigestAnswer>({
    program: 'digest-thread',
    beside: import.meta.url,
    what: 'digests the manifest',
  });
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  /** The chunks handed over last, the oldest first. */
  readonly #inFlight: Promise<void>[] = [];

  update(bytes: Uint8Array): Promise<void> | undefined {
    const found = this.#spare.pop();
    const copy = found !== undefined && found.length >= bytes.length ? found : new Uint8Array(bytes.length);
    copy.set(bytes);
    const digested = this.#digest(copy, bytes.length);
    // Awaited or not: what ends the thread is told by whatever is asked of it next.
    digested.catch(() => {});
    this.#inFlight.push(digested);
    return this.#inFlight.length < CHUNKS_IN_FLIGHT ? undefined : this.#inFlight.shift();
  }

  async digest(): Promise<string> {
    return (await this.#thread.ask(undefined, [])) as string;
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  async #digest(bytes: Uint8Array<ArrayBuffer>, length: number): Promise<void> {
    this.#spare.push((await this.#thread.ask({ bytes, length }, [bytes.buffer])) as Uint8Array<ArrayBuffer>);
  }
}
