import { describe, expect, test } from 'vitest';
import { environmentError } from '../../../src/errors.ts';
import type { ComputeEnvironmentDetail, JobQueueDetail } from '../../../src/executor/batch/batch-api.ts';
import {
  bundledPath,
  readDefinition,
  renderDefinition,
} from '../../../src/executor/batch/job-definition-file.ts';
import { diagnoseBatch } from '../../../src/operations/diagnose-batch.ts';
import { stackAccount } from './diagnosed-account.ts';
import { DIGEST, REPOSITORY, VALUES } from './placeholder-values.ts';

type Account = Awaited<ReturnType<typeof stackAccount>>;

/** What is wrong or could be better in an account. */
async function complaints(change: (account: Account) => unknown): Promise<readonly string[]> {
  const account = await stackAccount();
  await change(account);
  return (await diagnoseBatch(account))
    .filter(({ mend }) => mend !== undefined)
    .map(({ name, ok, found, mend }) => `${ok ? 'advice' : 'wrong'} | ${name} | ${found} | ${mend}`);
}

function changeQueue(at: number, change: Partial<JobQueueDetail>) {
  return ({ api }: Account) => {
    api.queues[at] = { ...(api.queues[at] as JobQueueDetail), ...change };
  };
}

function changeEnvironment(at: number, change: Partial<ComputeEnvironmentDetail>) {
  return ({ api }: Account) => {
    api.computeEnvironments[at] = { ...(api.computeEnvironments[at] as ComputeEnvironmentDetail), ...change };
  };
}

function changeResources(
  at: number,
  change: Partial<NonNullable<ComputeEnvironmentDetail['computeResources']>>,
) {
  return (account: Account) => {
    const computeResources = account.api.computeEnvironments[at]?.computeResources;
    if (computeResources === undefined) throw new Error('no such environment');
    changeEnvironment(at, { computeResources: { ...computeResources, ...change } })(account);
  };
}

describe('doctor for AWS Batch', () => {
  test('finds nothing wrong with what the template makes', async () => {
    const checks = await diagnoseBatch(await stackAccount());
    expect(checks.every(({ ok, mend }) => ok && mend === undefined)).toBe(true);
    expect(checks.map(({ name, found }) => `${name}: ${found}`)).toEqual([
      'credentials: access key AKIAEXAMPLE of account 123456789012',
      'region: eu-west-1',
      'clock: agrees with that of AWS',
      'queue: backfill-spot is enabled and valid (arn:aws:batch:eu-west-1:123456789012:job-queue/backfill-spot)',
      'compute backfill-spot: SPOT, up to 1000 vCPUs, SPOT_PRICE_CAPACITY_OPTIMIZED',
      'fallback queue: backfill-on-demand is enabled and valid (arn:aws:batch:eu-west-1:123456789012:job-queue/backfill-on-demand)',
      'compute backfill-on-demand: EC2, up to 1000 vCPUs, BEST_FIT_PROGRESSIVE',
      'quota backfill-spot: 1000 spot vCPUs, enough for 1000',
      'subnets backfill-spot: 507 free addresses in 1 subnet, enough for 63 machines',
      'quota backfill-on-demand: 1000 on-demand vCPUs, enough for 1000',
      'subnets backfill-on-demand: 507 free addresses in 1 subnet, enough for 63 machines',
      'job definition: backfill-all:1 is active',
      `image: ${REPOSITORY}@sha256:5e5e5e5e5e5e... is there, 148 MB to fetch`,
      'log group: /backfill/worker keeps lines for 30 days',
    ]);
  });

  test('asks nothing further where there are no credentials', async () => {
    const account = await stackAccount();
    const settings = {
      ...account.settings,
      credentials: () =>
        Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' })),
    };
    const checks = await diagnoseBatch({ ...account, settings });
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['credentials', false],
      ['region', true],
    ]);
    expect(checks[0]?.mend).toContain('aws sso login');
  });

  test('goes on where one question is refused, and says what it takes', async () => {
    const refused = environmentError('aws-denied', 'not allowed to describe queues', {
      hint: 'allow batch:DescribeJobQueues',
    });
    const found = await complaints(({ api }) => {
      api.describeQueues = () => Promise.reject(refused);
    });
    expect(found).toEqual([
      'wrong | queue | not allowed to describe queues | allow batch:DescribeJobQueues',
      'wrong | fallback queue | not allowed to describe queues | allow batch:DescribeJobQueues',
    ]);
  });
});

describe('the clock', () => {
  test.for([
    [301, /^wrong \| clock \| 5 min 1 s ahead of that of AWS: .* \| set it: /],
    [-4000, /^wrong \| clock \| 1 h 6 min behind that of AWS: /],
    [-90, /^advice \| clock \| 1 min 30 s behind that of AWS \| set it: /],
  ] as const)('off by %i s', async ([skew, complaint]) => {
    const found = await complaints(({ settings }) =>
      Object.assign(settings, { clockSkewSeconds: async () => skew }),
    );
    expect(found).toEqual([expect.stringMatching(complaint)]);
  });

  test('is not judged where no answer told the time', async () => {
    expect(
      await complaints(({ settings }) =>
        Object.assign(settings, { clockSkewSeconds: async () => undefined }),
      ),
    ).toEqual([]);
  });
});

describe('a queue', () => {
  test.for([
    [
      ({ api }: Account) => api.queues.splice(0, 1),
      /^wrong \| queue \| there is no queue backfill-spot \| .*--queue.* aws cloudformation deploy /,
    ],
    [
      ({ api }: Account) => api.queues.splice(1, 1),
      /^wrong \| fallback queue \| there is no queue backfill-on-demand \| .*--fallback-queue/,
    ],
    [
      changeQueue(0, { state: 'DISABLED' }),
      /takes no jobs \| aws batch update-job-queue --job-queue backfill-spot --state ENABLED$/,
    ],
    [changeQueue(0, { status: 'INVALID', statusReason: 'ROLE GONE' }), /backfill-spot is INVALID: ROLE GONE/],
    [changeQueue(0, { computeEnvironmentOrder: [] }), /no compute environment/],
    [
      changeQueue(0, { schedulingPolicyArn: 'arn:x' }),
      /named share alone \| name one with --share-identifier/,
    ],
    [
      (account: Account) =>
        Object.assign(account.target, { shareIdentifier: 'team', fallbackQueue: undefined }),
      /refuses the share team \| leave out --share-identifier/,
    ],
  ] as const)('case %#', async ([change, complaint]) => {
    const found = await complaints(change);
    expect(found).toEqual([expect.stringMatching(complaint)]);
  });
});

describe('a queue and an environment that are being changed', () => {
  test('go on working', async () => {
    expect(
      await complaints((account) => {
        changeQueue(0, { status: 'UPDATING' })(account);
        changeEnvironment(0, { status: 'UPDATING' })(account);
      }),
    ).toEqual([]);
  });
});

describe('a compute environment', () => {
  test.for([
    [
      ({ api }: Account) => api.computeEnvironments.splice(0, 1),
      /^wrong \| compute backfill-spot \| the queue names it, and it is not there/,
    ],
    [
      changeEnvironment(0, { state: 'DISABLED' }),
      /^wrong .* is DISABLED \| aws batch update-compute-environment .* --state ENABLED$/,
    ],
    [
      changeEnvironment(0, { status: 'INVALID', statusReason: 'CLIENT_ERROR - no subnet' }),
      /^wrong .* INVALID: CLIENT_ERROR - no subnet \|/,
    ],
    [changeResources(0, { maxvCpus: 0 }), /^wrong .* nothing can run \| .*maxvCpus=/],
    [
      changeResources(0, { allocationStrategy: 'BEST_FIT' }),
      /^wrong .* BEST_FIT: .* SPOT_PRICE_CAPACITY_OPTIMIZED/,
    ],
    [
      changeResources(0, { allocationStrategy: undefined }),
      /^wrong .* BEST_FIT: .* SPOT_PRICE_CAPACITY_OPTIMIZED/,
    ],
    [changeResources(0, { bidPercentage: 40 }), /^advice .* a bid of 40 %/],
    [changeResources(0, { launchTemplate: undefined }), /^advice .* ECS_ENABLE_SPOT_INSTANCE_DRAINING=true/],
    [
      changeResources(0, { type: 'EC2', allocationStrategy: 'BEST_FIT_PROGRESSIVE' }),
      /^advice .* on-demand: spot costs/,
    ],
    [
      changeResources(1, { type: 'SPOT', allocationStrategy: 'SPOT_CAPACITY_OPTIMIZED' }),
      /^advice \| compute backfill-on-demand .* give it an on-demand environment$/,
    ],
  ] as const)('case %#', async ([change, complaint]) => {
    expect(await complaints(change)).toEqual([expect.stringMatching(complaint)]);
  });
});

describe('the room that an account has', () => {
  const wanting =
    (vcpus: number, change: (account: Account) => unknown = () => {}) =>
    (account: Account) => {
      Object.assign(account.target, { vcpus, fallbackQueue: undefined });
      change(account);
    };

  test.for([
    [
      ({ quotas }: Account) => quotas.set('L-34B43A08', 5),
      /^advice \| quota backfill-spot \| 5 spot vCPUs \(L-34B43A08\), and 1000 are wanted: .* \| aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-34B43A08 --desired-value 1000$/,
    ],
    [
      wanting(400, ({ quotas }) => quotas.set('L-34B43A08', 64)),
      /^wrong \| quota backfill-spot \| 64 spot vCPUs .*, and 400 are wanted/,
    ],
    [
      wanting(4000, ({ quotas }) => quotas.set('L-34B43A08', 4000)),
      /^wrong \| quota backfill-spot \| 4000 vCPUs are wanted, and it may have 1000 \| raise SpotMaxVcpus/,
    ],
    [wanting(1000, changeResources(0, { instanceTypes: ['c7i', 'm7i.8xlarge'] })), undefined],
    [
      wanting(1000, changeResources(0, { instanceTypes: ['c7i.medium'] })),
      /^wrong \| subnets backfill-spot \| 507 free addresses in 1 subnet, and 1000 vCPUs may be 1000 machines \|/,
    ],
    [
      wanting(1000, changeResources(0, { subnets: ['subnet-1', 'subnet-9'] })),
      /^wrong \| subnets backfill-spot \| subnet-9 not found/,
    ],
  ] as const)('case %#', async ([change, complaint]) => {
    expect(await complaints(change)).toEqual(
      complaint === undefined ? [] : [expect.stringMatching(complaint)],
    );
  });

  test('is bounded by the machines that ECS takes in a cluster', async () => {
    const found = await complaints(
      wanting(12_000, (account) => {
        changeResources(0, { instanceTypes: ['c7i'], maxvCpus: 12_000 })(account);
        account.quotas.set('L-34B43A08', 12_000);
      }),
    );
    expect(found).toContainEqual(
      expect.stringMatching(/^wrong \| machines backfill-spot \| 12000 vCPUs may be 6000 machines, .* 5000/),
    );
  });

  test('is not known to whoever may not ask, which stops no run', async () => {
    const found = await complaints(({ limits, target }) => {
      Object.assign(target, { fallbackQueue: undefined });
      limits.quota = () =>
        Promise.reject(environmentError('aws-denied', 'not allowed to read the quota', { hint: 'allow it' }));
    });
    expect(found).toEqual([
      'advice | quota backfill-spot | not looked at: not allowed to read the quota | allow it',
    ]);
  });
});

describe('a job definition, its image and its log group', () => {
  const define =
    (change: (request: ReturnType<typeof renderDefinition>) => void) =>
    async ({ api }: Account) => {
      const request = structuredClone(renderDefinition(await readDefinition(bundledPath('all')), VALUES));
      change(request);
      await api.registerDefinition(request);
    };

  test.for([
    [
      (account: Account) => Object.assign(account.target, { definition: 'backfill-pitch' }),
      /^wrong \| job definition \| there is no active definition backfill-pitch \| backfill jobdefs register pitch$/,
    ],
    [
      (account: Account) => Object.assign(account.target, { definition: 'backfill-mood' }),
      /backfill jobdefs register --file definition.json$/,
    ],
    [
      (account: Account) => {
        account.api.deregister('backfill-all', 1);
        Object.assign(account.target, { definition: 'backfill-all:1' });
      },
      /^wrong .* backfill-all:1 is INACTIVE \|/,
    ],
    [
      define(({ retryStrategy }) => retryStrategy?.evaluateOnExit?.pop()),
      /^wrong .* backfill-all:2: workers that fail are retried/,
    ],
    [
      define(({ containerProperties }) => {
        if (containerProperties !== undefined)
          containerProperties.resourceRequirements = [
            { type: 'VCPU', value: '1' },
            { type: 'MEMORY', value: '4096' },
          ];
      }),
      /^advice .* differs from its file in containerProperties.resourceRequirements.MEMORY.value \| backfill jobdefs register all makes/,
    ],
    [
      define(({ containerProperties }) => {
        if (containerProperties !== undefined)
          containerProperties.image = `${REPOSITORY}@${DIGEST.replaceAll('5e', '00')}`;
      }),
      /^wrong \| image \| .* is not there \|/,
    ],
    [
      ({ groups }: Account) => groups.clear(),
      /^wrong \| log group \| .* \| aws logs create-log-group --log-group-name \/backfill\/worker$/,
    ],
    [
      ({ groups }: Account) => groups.set('/backfill/worker', {}),
      /^advice \| log group \| .* for ever \| aws logs put-retention-policy /,
    ],
  ] as const)('case %#', async ([change, complaint]) => {
    expect(await complaints(change)).toEqual([expect.stringMatching(complaint)]);
  });

  test('an image by tag is wrong, whatever it is', async () => {
    const found = await complaints(
      define(({ containerProperties }) => {
        if (containerProperties !== undefined) containerProperties.image = 'backfill:latest';
      }),
    );
    expect(found).toEqual([
      expect.stringMatching(/^wrong \| job definition \| .* is not pinned by its digest/),
    ]);
  });

  test('an image of another registry is said not to have been looked at', async () => {
    const account = await stackAccount();
    await define(({ containerProperties }) => {
      if (containerProperties !== undefined) containerProperties.image = `ghcr.io/team/backfill@${DIGEST}`;
    })(account);
    const image = (await diagnoseBatch(account)).find(({ name }) => name === 'image');
    expect(image).toEqual({
      name: 'image',
      ok: true,
      found: `ghcr.io/team/backfill@${DIGEST} is not in a private ECR registry: not looked at`,
    });
  });
});
