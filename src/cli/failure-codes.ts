import { usageError } from '../errors.ts';
import { FAILURE_CODES, isFailureCode } from '../failures.ts';

/** @throws BackfillError `unknown-code` for a code that no failure ever has */
export function assertFailureCodes(codes: readonly string[]): void {
  for (const code of codes) {
    if (!isFailureCode(code)) {
      throw usageError(
        'unknown-code',
        `there is no failure code '${code}': choose of ${FAILURE_CODES.join(', ')}`,
      );
    }
  }
}
