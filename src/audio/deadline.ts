import { TrackFailure } from '../failures.ts';

/**
 * Runs `work` under a signal that is aborted with `signal`, for its reason, and after `seconds` with
 * `TrackFailure('timeout')`.
 */
export async function withDeadline<T>(
  limits: { readonly signal: AbortSignal; readonly seconds: number; readonly what: string },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new TrackFailure('timeout', `${limits.what} was not done after ${limits.seconds} s`)),
    limits.seconds * 1000,
  );
  try {
    return await work(AbortSignal.any([limits.signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** Settles as `promise` does, but rejects at once with the signal's reason when that is aborted. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
