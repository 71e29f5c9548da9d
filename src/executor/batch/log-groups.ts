import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { awsFailure } from '../../store/aws-failure.ts';

/** What is known of log groups in CloudWatch Logs. */
export interface LogGroups {
  /**
   * @returns undefined where there is no group of that name
   * @throws BackfillError as `awsFailure` has them: `aws-denied`, `aws-credentials`, ...
   */
  find(name: string): Promise<FoundLogGroup | undefined>;
}

export interface FoundLogGroup {
  /** Undefined: lines are kept for ever. */
  readonly retentionDays?: number;
}

/** The log groups of a region. */
export class CloudWatchLogGroups implements LogGroups {
  readonly #client: CloudWatchLogsClient;

  /** @param region undefined: that of the environment, as for all clients */
  constructor(region?: string) {
    this.#client = new CloudWatchLogsClient(region === undefined ? {} : { region });
  }

  async find(name: string): Promise<FoundLogGroup | undefined> {
    try {
      return await this.#find(name);
    } catch (error) {
      throw (
        awsFailure(error, { doing: `look for the log group ${name}`, needs: 'logs:DescribeLogGroups' }) ??
        error
      );
    }
  }

  async #find(name: string): Promise<FoundLogGroup | undefined> {
    const pages = paginateDescribeLogGroups({ client: this.#client }, { logGroupNamePrefix: name });
    for await (const { logGroups = [] } of pages) {
      const found = logGroups.find(({ logGroupName }) => logGroupName === name);
      if (found === undefined) continue;
      const { retentionInDays } = found;
      return retentionInDays === undefined ? {} : { retentionDays: retentionInDays };
    }
    return undefined;
  }
}
