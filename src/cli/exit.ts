/** The exit codes of every command; the help says what they mean. */
export const EXIT: {
  readonly done: 0;
  readonly someFailed: 1;
  readonly usage: 2;
  readonly unable: 3;
  readonly interrupted: 130;
} = { done: 0, someFailed: 1, usage: 2, unable: 3, interrupted: 130 };

/** Where a command's handler leaves its exit code. */
export interface ExitSlot {
  code: number;
}
