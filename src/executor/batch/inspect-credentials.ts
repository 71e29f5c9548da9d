import { BatchClient } from '@aws-sdk/client-batch';
import { messageOf } from '../../errors.ts';
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
  };
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
