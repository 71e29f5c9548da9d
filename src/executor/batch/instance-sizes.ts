/**
 * vCPUs of an instance type by its size: docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html. True of the
 * general and compute families; a few old ones differ by a factor of two.
 * @returns undefined for a family without a size, `optimal`, and bare metal
 */
export function vcpusOf(instanceType: string): number | undefined {
  const size = instanceType.split('.')[1];
  const [, times = ''] = /^(\d*)xlarge$/.exec(size ?? '') ?? [undefined, undefined];
  if (size === 'medium') return 1;
  if (size === 'large') return 2;
  if (size === 'xlarge') return 4;
  return times === '' ? undefined : 4 * Number(times);
}

/** What a family without a size begins with, in most: `large`. */
const SMALLEST_OF_FAMILY = 2;

/** The fewest vCPUs that a machine of these types may have. */
export function smallestVcpus(instanceTypes: readonly string[]): number {
  const sizes = instanceTypes.map((type) => vcpusOf(type) ?? SMALLEST_OF_FAMILY);
  return sizes.length === 0 ? SMALLEST_OF_FAMILY : Math.min(...sizes);
}
