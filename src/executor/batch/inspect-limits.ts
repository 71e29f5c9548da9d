import { BackfillError } from '../../errors.ts';
import type { AccountLimits } from './account-limits.ts';
import type { ComputeEnvironmentDetail } from './batch-api.ts';
import { type Finding, bad, good } from './inspect-finding.ts';
import { smallestVcpus } from './instance-sizes.ts';

/** vCPUs that the account may have of the usual families: docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html */
const VCPU_QUOTAS = {
  SPOT: { code: 'L-34B43A08', what: 'spot vCPUs' },
  EC2: { code: 'L-1216C47A', what: 'on-demand vCPUs' },
} as const;

/** docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html: it can not be raised. */
const INSTANCES_A_CLUSTER = 5000;

/**
 * Whether the account has room for a compute environment's machines: its vCPU quota, ECS's limit of machines in a
 * cluster, and the addresses of its subnets. All of it shows otherwise as jobs that stay RUNNABLE.
 *
 * @param wanted vCPUs at one time that have to be possible, as far as the environment allows them; undefined: as many as
 *   it may have, and less is only worth advice
 */
export async function inspectLimits(
  limits: AccountLimits,
  environment: ComputeEnvironmentDetail,
  wanted: number | undefined,
): Promise<readonly Finding[]> {
  const { computeEnvironmentName = '', computeResources: resources } = environment;
  const type = resources?.type;
  if (resources === undefined || (type !== 'SPOT' && type !== 'EC2')) return [];
  const most = resources.maxvCpus ?? 0;
  const vcpus = Math.min(wanted ?? most, most);
  const machines = Math.ceil(vcpus / smallestVcpus(resources.instanceTypes ?? []));
  const tooFew = (name: string, found: string, mend: string): Finding =>
    wanted === undefined ? good(name, found, mend) : bad(name, found, mend);
  return [
    ...(wanted !== undefined && wanted > most ? [overMaximum()] : []),
    ...(await lookedAt(`quota ${computeEnvironmentName}`, inspectVcpus)),
    ...(machines > INSTANCES_A_CLUSTER ? [overCluster()] : []),
    ...(await lookedAt(`subnets ${computeEnvironmentName}`, inspectSubnets)),
  ];

  function overMaximum(): Finding {
    return bad(
      `quota ${computeEnvironmentName}`,
      `${wanted} vCPUs are wanted, and it may have ${most}`,
      'raise SpotMaxVcpus or OnDemandMaxVcpus of the stack (maxvCpus of the compute environment)',
    );
  }

  async function inspectVcpus(name: string): Promise<Finding> {
    const { code, what } = VCPU_QUOTAS[type as keyof typeof VCPU_QUOTAS];
    const quota = await limits.quota('ec2', code);
    if (quota === undefined) return good(name, `the account has no quota ${code} of ${what}`);
    if (quota >= vcpus) return good(name, `${quota} ${what}, enough for ${vcpus}`);
    return tooFew(
      name,
      `${quota} ${what} (${code}), and ${vcpus} are wanted: the rest of the jobs waits`,
      `aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${code} --desired-value ${vcpus}`,
    );
  }

  function overCluster(): Finding {
    return tooFew(
      `machines ${computeEnvironmentName}`,
      `${vcpus} vCPUs may be ${machines} machines, and ECS takes ${INSTANCES_A_CLUSTER} a cluster`,
      'name larger sizes in InstanceTypes of the stack',
    );
  }

  async function inspectSubnets(name: string): Promise<Finding> {
    const subnets = resources?.subnets ?? [];
    const free = await limits.freeAddresses(subnets);
    const missing = subnets.filter((subnet) => !free.has(subnet));
    if (missing.length > 0) {
      return bad(
        name,
        `${missing.join(', ')} not found`,
        'name subnets that are there in SubnetIds of the stack',
      );
    }
    const sum = [...free.values()].reduce((total, count) => total + count, 0);
    const found = `${sum} free addresses in ${subnets.length} subnet${subnets.length === 1 ? '' : 's'}`;
    if (sum >= machines) return good(name, `${found}, enough for ${machines} machines`);
    return tooFew(
      name,
      `${found}, and ${vcpus} vCPUs may be ${machines} machines`,
      'name more or larger subnets in SubnetIds of the stack, or larger sizes in InstanceTypes',
    );
  }
}

/** What may not be looked at stops no run: it is said, and no more. */
async function lookedAt(name: string, look: (name: string) => Promise<Finding>): Promise<readonly Finding[]> {
  try {
    return [await look(name)];
  } catch (error) {
    if (!(error instanceof BackfillError) || error.fault === 'internal') throw error;
    return [good(name, `not looked at: ${error.message}`, error.hint)];
  }
}
