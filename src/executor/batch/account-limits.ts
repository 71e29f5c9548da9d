import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { awsFailure } from '../../store/aws-failure.ts';
import { readFreeAddresses } from './ec2-subnets.ts';

/** How much an account may have at one time. */
export interface AccountLimits {
  /**
   * The quota that is in force, raised or not; undefined where there is none of that code.
   * @throws BackfillError as `awsFailure` has them: `aws-denied`, `aws-credentials`, ...
   */
  quota(service: string, code: string): Promise<number | undefined>;
  /** Free addresses of subnets, by id; what is not there is left out. @throws BackfillError as above */
  freeAddresses(subnets: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** The limits of the account and region that the environment names. Asked by operators, and by no worker. */
export class AwsAccountLimits implements AccountLimits {
  readonly #client = new ServiceQuotasClient();

  async quota(service: string, code: string): Promise<number | undefined> {
    const wanted = { ServiceCode: service, QuotaCode: code };
    try {
      // What was never raised has no value of its own in some accounts.
      const { Quota } = await this.#client
        .send(new GetServiceQuotaCommand(wanted))
        .catch((error: unknown) => {
          if (!(error instanceof NoSuchResourceException)) throw error;
          return this.#client.send(new GetAWSDefaultServiceQuotaCommand(wanted));
        });
      return Quota?.Value;
    } catch (error) {
      if (error instanceof NoSuchResourceException) return undefined;
      const needs = 'servicequotas:GetServiceQuota and servicequotas:GetAWSDefaultServiceQuota';
      throw awsFailure(error, { doing: `read the quota ${code} of ${service}`, needs }) ?? error;
    }
  }

  async freeAddresses(subnets: readonly string[]): Promise<ReadonlyMap<string, number>> {
    try {
      return await readFreeAddresses(this.#client, subnets);
    } catch (error) {
      throw (
        awsFailure(error, {
          doing: `describe subnets ${subnets.join(', ')}`,
          needs: 'ec2:DescribeSubnets',
        }) ?? error
      );
    }
  }
}
