import type { AlgorithmRef } from './records.ts';

/**
 * What a file of results says of itself in its footer, so that one that lies in the place of another is noticed.
 * @param algorithm undefined for failures, which are of all algorithms
 */
export function fileIdentity(file: {
  readonly run: string;
  readonly shard: number;
  readonly algorithm: AlgorithmRef | undefined;
}): Record<string, string> {
  const { run, shard, algorithm } = file;
  const of = algorithm === undefined ? {} : { algorithm: algorithm.name, version: algorithm.version };
  return { run, shard: String(shard), ...of };
}
