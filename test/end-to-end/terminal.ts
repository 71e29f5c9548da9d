/** The command line on a terminal of any width. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const PROGRAM = fileURLToPath(new URL('../../bin/backfill.js', import.meta.url));
const PTY = fileURLToPath(new URL('run-on-terminal.py', import.meta.url));

/** Why there are no terminals for tests here; undefined where there are. */
export const WHY_NO_TERMINAL: string | undefined =
  spawnSync('python3', ['-c', 'import pty, termios']).status === 0
    ? undefined
    : 'python3, with its module pty, makes the terminals of these tests';

export interface OnTerminal {
  readonly ended: Promise<{ readonly code: number | null; readonly screen: string }>;
  /** What it has written so far, with all its control characters. */
  screen(): string;
  resize(columns: number): void;
  signal(signal: 'SIGINT' | 'SIGTERM'): void;
  /** Takes the terminal away. */
  hangUp(): void;
}

/** Starts a command on a terminal. */
export function startOnTerminal(
  args: readonly string[],
  options: {
    readonly columns: number;
    readonly env?: Readonly<Record<string, string>>;
    /** A program before the command's own, with its arguments. */
    readonly by?: readonly string[];
  },
): OnTerminal {
  // What a test runner, or a CI around it, has set would keep the command from drawing.
  const { CI: _, NO_COLOR: __, FORCE_COLOR: ___, ...environment } = process.env;
  const command = [...(options.by ?? []), process.execPath, PROGRAM, ...args];
  const child = spawn('python3', [PTY, String(options.columns), ...command], {
    env: { ...environment, TERM: 'xterm', ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  child.stdin.on('error', () => {});
  const ended = new Promise<{ code: number | null; screen: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, screen }));
  });
  const numbers = { SIGINT: 2, SIGTERM: 15 } as const;
  return {
    ended,
    screen: () => screen,
    resize: (columns) => child.stdin.write(`size ${columns}\n`),
    signal: (signal) => child.stdin.write(`signal ${numbers[signal]}\n`),
    hangUp: () => child.stdin.write('hang-up\n'),
  };
}

/** What was drawn over again and again: each line between two synchronised updates, without its colours. */
export function drawnLines(screen: string): string[] {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  return [...screen.matchAll(/\u001b\[\?2026h(.*?)\u001b\[\?2026l/gs)].map(([, frame = '']) =>
    stripVTControlCharacters(frame),
  );
}
