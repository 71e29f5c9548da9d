import { BackfillError, messageOf } from '../../errors.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  /** Whether jobs can run with it as it is. */
  readonly ok: boolean;
  /** What was found. */
  readonly found: string;
  /** What to do about it; also where it works, and would work better. */
  readonly mend?: string;
}

/** As it should be; or good enough, with advice. */
export function good(name: string, found: string, advice?: string): Finding {
  return { name, ok: true, found, ...(advice === undefined ? {} : { mend: advice }) };
}

/** Not as it should be. */
export function bad(name: string, found: string, mend: string): Finding {
  return { name, ok: false, found, mend };
}

/** Looks at one thing; an error on the way is what was found. */
export async function inspect(
  name: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    const hint = error instanceof BackfillError ? error.hint : undefined;
    return [bad(name, messageOf(error), hint ?? 'see that the caller may look at it, and try again')];
  }
}
