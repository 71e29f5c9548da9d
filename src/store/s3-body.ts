import { Readable, addAbortSignal } from 'node:stream';

/** Waits before an answer is asked for again, in ms: doubled each time, up to the longest. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

/** An answer's body as a Node stream, which it is in Node; it is destroyed when `signal` is aborted. */
export function bodyOf(answer: { readonly Body?: unknown }, signal: AbortSignal | undefined): Readable {
  const { Body: body } = answer;
  if (!(body instanceof Readable)) throw new TypeError('the answer has no body');
  return signal === undefined ? body : addAbortSignal(signal, body);
}

/**
 * Reads a body of `length` bytes whole.
 * @throws what broke the body, or an Error where it ended too early
 */
export async function readBody(body: Readable, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (filled + chunk.length > length) throw new Error(`the body is longer than its ${length} bytes`);
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled < length) throw new Error(`the body ended after ${filled} of ${length} bytes`);
  return bytes;
}

/** Waits before the `failures`-th repetition (from 1) of a request, for a random part of a growing time. */
export async function pauseBefore(failures: number, signal: AbortSignal | undefined): Promise<void> {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const wake = () => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    };
    const timer = setTimeout(wake, Math.random() * longest);
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}
