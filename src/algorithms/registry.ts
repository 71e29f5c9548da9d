import { usageError } from '../errors.ts';
import type { Algorithm, Encoding } from './algorithm.ts';
import { chorus } from './chorus/chorus.ts';
import { fingerprint } from './fingerprint/fingerprint.ts';
import { pitch } from './pitch/pitch.ts';
import { romanisation } from './romanisation/romanisation.ts';
import { createTranscode, transcode } from './transcode/transcode.ts';

/** All algorithms that can run, in the order in which they are shown. */
export const ALGORITHMS: readonly Algorithm[] = [fingerprint, chorus, pitch, romanisation, transcode];

/**
 * The algorithms of the given names, without repetitions, in the order of {@link ALGORITHMS}, so that the
 * same choice is the same run however it is written.
 *
 * @param ladder what transcode encodes into, where it is chosen and not its default
 * @throws BackfillError `unknown-algorithm`
 */
export function selectAlgorithms(
  names: readonly string[],
  ladder?: readonly Encoding[],
): readonly Algorithm[] {
  for (const name of names) {
    if (!ALGORITHMS.some((algorithm) => algorithm.name === name)) {
      const known = ALGORITHMS.map((algorithm) => algorithm.name).join(', ');
      throw usageError('unknown-algorithm', `there is no algorithm '${name}': choose of ${known}`);
    }
  }
  return ALGORITHMS.filter(({ name }) => names.includes(name)).map((algorithm) =>
    algorithm === transcode && ladder !== undefined ? createTranscode(ladder) : algorithm,
  );
}
