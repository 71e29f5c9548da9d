/** What Ctrl-C means to commands that work: the first one drains, the second one stops at once. */
export interface Interrupts {
  /** Aborted at the first SIGINT or SIGTERM. */
  readonly drain: AbortSignal;
  /** Aborted at the second. */
  readonly stop: AbortSignal;
  /** Gives the signals back to Node. */
  release(): void;
}

/** @param onDrain called once, when draining begins */
export function listenForInterrupts(onDrain: () => void): Interrupts {
  const [drain, stop] = [new AbortController(), new AbortController()];
  const interrupt = () => {
    if (drain.signal.aborted) {
      stop.abort();
    } else {
      drain.abort();
      onDrain();
    }
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    drain: drain.signal,
    stop: stop.signal,
    release: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}
