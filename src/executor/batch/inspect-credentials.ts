import { BatchClient, DescribeJobQueuesCommand } from '@aws-sdk/client-batch';
import { messageOf } from '../../errors.ts';
import { MAX_CLOCK_SKEW_SECONDS, SET_THE_CLOCK, clockSkewSeconds, skewWords } from '../../store/aws-clock.ts';
import { awsFailure } from '../../store/aws-failure.ts';
import { type Finding, bad, good } from './inspect-finding.ts';

/** As whom AWS is asked, as far as that can be known without asking. */
export interface AwsIdentity {
  readonly accessKeyId: string;
  /** Twelve digits; undefined where the credentials do not tell. */
  readonly accountId?: string;
}

/** What the SDK finds in the environment, in its files, or from the machine's role. */
export interface AwsSettings {
  /** @throws where no source of the SDK's default chain has any */
  credentials(): Promise<AwsIdentity>;
  /** @throws where none is set */
  region(): Promise<string>;
  /** Seconds that this machine's clock is ahead of AWS's; undefined where no answer told. */
  clockSkewSeconds(): Promise<number | undefined>;
}

/** The settings that every client of this process has. */
export function resolvedAwsSettings(): AwsSettings {
  const { config } = new BatchClient();
  return {
    credentials: async () => {
      const { accessKeyId, accountId } = await config.credentials();
      return { accessKeyId, ...(accountId === undefined ? {} : { accountId }) };
    },
    region: () => config.region(),
    clockSkewSeconds: measureClockSkew,
  };
}

/** Any answer tells AWS's time in its `date` header, a refusal too. */
async function measureClockSkew(): Promise<number | undefined> {
  const client = new BatchClient({ maxAttempts: 1 });
  let skew: number | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const sent = Date.now();
      const answer = await next(args);
      const { headers = {} } = answer.response as { readonly headers?: Record<string, string> };
      // It was written about half-way between sending and receiving.
      skew = clockSkewSeconds(headers.date, (sent + Date.now()) / 2);
      return answer;
    },
    // Below what makes errors of refusals.
    { name: 'measureClockSkew', step: 'deserialize', priority: 'low' },
  );
  await client.send(new DescribeJobQueuesCommand({ maxResults: 1 })).catch(() => {});
  client.destroy();
  return skew;
}

/** A clock that runs away from AWS's this much is worth a word before it stops all requests. */
const NOTABLE_SKEW_SECONDS = 60;

/** Whether this machine's clock is near enough to AWS's for its signatures to be taken. */
export async function inspectClock(settings: AwsSettings): Promise<readonly Finding[]> {
  const name = 'clock';
  const skew = await settings.clockSkewSeconds();
  if (skew === undefined) return [];
  const found = skewWords(skew);
  if (Math.abs(skew) >= MAX_CLOCK_SKEW_SECONDS) {
    return [
      bad(name, `${found}: requests are refused from ${MAX_CLOCK_SKEW_SECONDS / 60} min on`, SET_THE_CLOCK),
    ];
  }
  if (Math.abs(skew) >= NOTABLE_SKEW_SECONDS) return [good(name, found, SET_THE_CLOCK)];
  return [good(name, 'agrees with that of AWS')];
}

/** Whether there are credentials and a region. */
export async function inspectCredentials(settings: AwsSettings): Promise<readonly Finding[]> {
  const credentials = await settings.credentials().then(
    ({ accessKeyId, accountId }) =>
      good(
        'credentials',
        `access key ${accessKeyId}${accountId === undefined ? '' : ` of account ${accountId}`}`,
      ),
    (error: unknown) => refused('credentials', error),
  );
  const region = await settings.region().then(
    (name) => good('region', name),
    (error: unknown) => refused('region', error),
  );
  return [credentials, region];
}

function refused(name: string, error: unknown): Finding {
  const failure = awsFailure(error, { doing: 'call AWS' });
  return bad(name, failure?.message ?? messageOf(error), failure?.hint ?? 'aws configure, or aws sso login');
}
