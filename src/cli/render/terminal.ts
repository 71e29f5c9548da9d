/** What is known of the terminal that a stream leads to, if it leads to one. */

type TerminalStream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>;

/**
 * How wide a terminal is, in columns; undefined where it does not say. Many say 0: `docker run -t` without a
 * terminal around it, `tty: true` in Kubernetes, `script` in a pipe. Whoever divides by that never ends.
 */
export function terminalColumns({ columns }: TerminalStream): number | undefined {
  return Number.isInteger(columns) && columns > 0 ? columns : undefined;
}

/** Whether what is on the screen can be drawn over: not in a pipe, a log of a CI, or an editor's shell. */
export function canDrawOn({ isTTY }: TerminalStream): boolean {
  return isTTY && process.env.TERM !== 'dumb' && process.env.CI === undefined;
}

/**
 * As many of the parts as fit into a line, in their order, with commas between them. A part is there whole or not at
 * all: a number whose end is cut off is another number.
 */
export function fitParts(parts: readonly string[], columns: number): string {
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : `${line}, ${part}`;
    if (longer.length <= columns) line = longer;
  }
  return line;
}
