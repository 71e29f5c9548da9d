import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { awsFailure } from '../../store/aws-failure.ts';
import type { JobLogs } from './job-logs.ts';

/** GetLogEvents gives at most so many a call: docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html */
const EVENTS_A_CALL = 10_000;

/** Output of containers in CloudWatch Logs, by the AWS SDK. */
export class AwsJobLogs implements JobLogs {
  readonly #client: CloudWatchLogsClient;

  constructor(region: string) {
    this.#client = new CloudWatchLogsClient({ region, retryMode: 'adaptive', maxAttempts: 8 });
  }

  async tail(group: string, stream: string, lines: number): Promise<string[]> {
    return (await this.#read(group, stream, lines)) ?? [];
  }

  async has(group: string, stream: string): Promise<boolean> {
    return (await this.#read(group, stream, 1)) !== undefined;
  }

  /** Undefined where there is no such stream. */
  async #read(group: string, stream: string, lines: number): Promise<string[] | undefined> {
    try {
      const { events } = await this.#client.send(
        new GetLogEventsCommand({
          logGroupName: group,
          logStreamName: stream,
          limit: Math.min(lines, EVENTS_A_CALL),
          startFromHead: false,
        }),
      );
      return (events ?? []).map(({ message = '' }) => message.trimEnd()).slice(-lines);
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw awsFailure(error, { doing: `read the log ${group}/${stream}` }) ?? error;
    }
  }
}
