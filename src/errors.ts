/**
 * Errors that stop a command. (One track's failure is not one of them: see failures.ts.)
 */
import { getSystemErrorMessage } from 'node:util';

/**
 * Whose turn it is: `usage`, the caller's (exit 2: wrong arguments or input); `environment`, the machine's
 * or the store's (exit 3: the run could not go on); `internal`, ours (exit 3, shown with its stack).
 */
export type Fault = 'usage' | 'environment' | 'internal';

/**
 * An error with a stable code, whose fault it is, and a message for a person: lower case, naming the
 * wrong value and saying what to change. `hint`, where given, is the next thing to do: a command, mostly.
 */
export class BackfillError extends Error {
  readonly code: string;
  readonly fault: Fault;
  readonly hint: string | undefined;

  constructor(code: string, fault: Fault, message: string, options?: ErrorOptions & { hint?: string }) {
    super(message, options);
    this.name = 'BackfillError';
    this.code = code;
    this.fault = fault;
    this.hint = options?.hint;
  }
}

/** The caller passed something wrong. */
export function usageError(
  code: string,
  message: string,
  options?: ErrorOptions & { hint?: string },
): BackfillError {
  return new BackfillError(code, 'usage', message, options);
}

/** The machine, the store or a missing program stands in the way. */
export function environmentError(
  code: string,
  message: string,
  options?: ErrorOptions & { hint?: string },
): BackfillError {
  return new BackfillError(code, 'environment', message, options);
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Why the system refused something, in its words alone: `permission denied`. Of anything else, its message. */
export function reasonOf(thrown: unknown): string {
  const { errno } = (thrown ?? {}) as NodeJS.ErrnoException;
  return typeof errno === 'number' && errno < 0 ? getSystemErrorMessage(errno) : messageOf(thrown);
}
