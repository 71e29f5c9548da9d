import { stat } from 'node:fs/promises';
import { withDeadline } from '../audio/deadline.ts';
import { TrackFailure } from '../failures.ts';

/** How long reading an object in S3 may take. A slow download that goes on is healthy; one that hangs is not. */
export interface DownloadLimits {
  /** Without any byte. */
  readonly stallSeconds: number;
  /** In all: 4 GiB at 1.2 MB a second. */
  readonly totalSeconds: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = { stallSeconds: 60, totalSeconds: 3600 };

/**
 * Looks at the file so many times in the stall time. It is looks that are counted and not seconds: while an
 * algorithm keeps this process busy, the bytes that have come can not be written either.
 */
const LOOKS = 20;

/**
 * Runs a download into `path` under a signal that is aborted with `signal`, for its reason; where the file has
 * not been written to for a time, with `TrackFailure('source-unreadable')`; and after all its time with
 * `TrackFailure('timeout')`. What is watched is the file's time of change, so this holds for whoever
 * writes it, from its beginning once more as well.
 */
export async function whileWritten<T>(
  download: {
    readonly path: string;
    /** As messages name it. */
    readonly uri: string;
    readonly limits: DownloadLimits;
    readonly signal: AbortSignal;
  },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { path, uri, limits, signal } = download;
  const { stallSeconds, totalSeconds } = limits;
  const stalled = new AbortController();
  let written: number | undefined;
  let unchanged = 0;
  const look = async (): Promise<void> => {
    const found = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    unchanged = found === written ? unchanged + 1 : 0;
    written = found;
    if (unchanged >= LOOKS) {
      const message = `reading ${uri} broke off: no byte came for ${stallSeconds} s`;
      stalled.abort(new TrackFailure('source-unreadable', message));
    }
  };
  const timer = setInterval(() => void look(), (stallSeconds * 1000) / LOOKS);
  try {
    return await withDeadline({ signal, seconds: totalSeconds, what: `reading ${uri}` }, (deadline) =>
      work(AbortSignal.any([deadline, stalled.signal])),
    );
  } finally {
    clearInterval(timer);
  }
}
