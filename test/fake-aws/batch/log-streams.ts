/**
 * What the jobs wrote, as CloudWatch Logs keeps and answers it: a group holds streams, a stream holds the
 * lines of one attempt, also after the job has failed.
 * Sources: docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html,
 * API_FilterLogEvents.html, API_DescribeLogStreams.html, API_DescribeLogGroups.html.
 */
import type {
  DescribeLogGroupsRequest,
  DescribeLogStreamsRequest,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetLogEventsRequest,
  GetLogEventsResponse,
  LogGroup,
  LogStream,
} from '@aws-sdk/client-cloudwatch-logs';
import { ACCOUNT, REGION } from './arn.ts';
import { pageOf } from './pages.ts';
import { ServiceError, resourceNotFound } from './service-error.ts';

export const DEFAULT_LOG_GROUP = '/aws/batch/job';

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

interface Stream {
  readonly createdAt: number;
  readonly events: LogEvent[];
}

interface Group {
  readonly name: string;
  readonly createdAt: number;
  readonly retentionInDays: number | undefined;
  readonly streams: Map<string, Stream>;
}

export class LogStreams {
  readonly #groups = new Map<string, Group>();

  addGroup(name: string, retentionInDays?: number): void {
    this.#groups.set(name, { name, createdAt: Date.now(), retentionInDays, streams: new Map() });
  }

  /** Opens a stream, and its group where there is none yet; returns what appends a line. */
  open(groupName: string, streamName: string): (line: string) => void {
    if (!this.#groups.has(groupName)) this.addGroup(groupName);
    const stream: Stream = { createdAt: Date.now(), events: [] };
    this.#group(groupName).streams.set(streamName, stream);
    return (message) => {
      stream.events.push({ timestamp: Date.now(), message });
    };
  }

  /** The lines of a stream; none where there is no such stream. For tests, past the API. */
  lines(streamName: string, groupName: string = DEFAULT_LOG_GROUP): string[] {
    const events = this.#groups.get(groupName)?.streams.get(streamName)?.events ?? [];
    return events.map(({ message }) => message);
  }

  /**
   * A page of a stream: its end, unless startFromHead says otherwise. The token of a direction in which
   * nothing more is there is the one that was sent.
   */
  getLogEvents(request: GetLogEventsRequest): GetLogEventsResponse {
    const group = this.#named(request);
    const events = within(this.#stream(group, request.logStreamName ?? '').events, request);
    const limit = limitOf(request.limit, 10_000);
    const [from, to] = range(request, events.length, limit);
    return {
      events: events.slice(from, to).map((event) => ({ ...event, ingestionTime: event.timestamp })),
      nextForwardToken: `f/${to}`,
      nextBackwardToken: `b/${from}`,
    };
  }

  /** A page of the events of many streams, oldest first, that hold all the words of the pattern. */
  filterLogEvents(request: FilterLogEventsRequest): FilterLogEventsResponse {
    const group = this.#named(request);
    const { logStreamNames: names, logStreamNamePrefix: prefix = '' } = request;
    const words = [...(request.filterPattern ?? '').matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    );
    const chosen =
      names === undefined
        ? [...group.streams].filter(([name]) => name.startsWith(prefix))
        : names.map((name) => [name, this.#stream(group, name)] as const);
    const found = chosen
      .flatMap(([logStreamName, { events }]) =>
        within(events, request).map((event, index) => ({
          ...event,
          logStreamName,
          eventId: `${logStreamName}#${index}`,
        })),
      )
      .filter(({ message }) => words.every((word) => message.includes(word)))
      .toSorted((a, b) => a.timestamp - b.timestamp);
    const page = { maxResults: limitOf(request.limit, 10_000), nextToken: request.nextToken };
    const { items, nextToken } = pageOf(found, page, { usual: 10_000, most: 10_000 });
    return {
      events: items.map((event) => ({ ...event, ingestionTime: event.timestamp })),
      searchedLogStreams: [],
      nextToken,
    };
  }

  describeLogStreams(request: DescribeLogStreamsRequest): {
    logStreams: LogStream[];
    nextToken?: string | undefined;
  } {
    const group = this.#named(request);
    const { logStreamNamePrefix: prefix = '', orderBy = 'LogStreamName' } = request;
    const streams = [...group.streams]
      .filter(([name]) => name.startsWith(prefix))
      .map(([logStreamName, { createdAt, events }]) => ({
        logStreamName,
        creationTime: createdAt,
        arn: `${arnOfGroup(group.name)}:log-stream:${logStreamName}`,
        firstEventTimestamp: events.at(0)?.timestamp,
        lastEventTimestamp: events.at(-1)?.timestamp,
        lastIngestionTime: events.at(-1)?.timestamp,
        storedBytes: 0,
      }))
      .toSorted((a, b) =>
        orderBy === 'LastEventTime'
          ? (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0)
          : a.logStreamName < b.logStreamName
            ? -1
            : 1,
      );
    const page = { maxResults: limitOf(request.limit, 50), nextToken: request.nextToken };
    const { items, nextToken } = pageOf(request.descending ? streams.toReversed() : streams, page, {
      usual: 50,
      most: 50,
    });
    return { logStreams: [...items], nextToken };
  }

  describeLogGroups(request: DescribeLogGroupsRequest): {
    logGroups: LogGroup[];
    nextToken?: string | undefined;
  } {
    const { logGroupNamePrefix: prefix = '' } = request;
    const groups = [...this.#groups.values()]
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, createdAt, retentionInDays }) => ({
        logGroupName: name,
        creationTime: createdAt,
        arn: `${arnOfGroup(name)}:*`,
        logGroupArn: arnOfGroup(name),
        metricFilterCount: 0,
        storedBytes: 0,
        logGroupClass: 'STANDARD' as const,
        ...(retentionInDays === undefined ? {} : { retentionInDays }),
      }));
    const page = { maxResults: limitOf(request.limit, 50), nextToken: request.nextToken };
    const { items, nextToken } = pageOf(groups, page, { usual: 50, most: 50 });
    return { logGroups: [...items], nextToken };
  }

  #named(request: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined }): Group {
    const identifier = request.logGroupIdentifier;
    return this.#group(request.logGroupName ?? identifier?.split(':log-group:').at(-1) ?? '');
  }

  #group(name: string): Group {
    const group = this.#groups.get(name);
    if (group === undefined) throw resourceNotFound('The specified log group does not exist.');
    return group;
  }

  #stream(group: Group, name: string): Stream {
    const stream = group.streams.get(name);
    if (stream === undefined) throw resourceNotFound('The specified log stream does not exist.');
    return stream;
  }
}

function arnOfGroup(name: string): string {
  return `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;
}

function within(
  events: readonly LogEvent[],
  {
    startTime = 0,
    endTime = Number.POSITIVE_INFINITY,
  }: { startTime?: number | undefined; endTime?: number | undefined },
): readonly LogEvent[] {
  return events.filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
}

function limitOf(limit: number | undefined, most: number): number {
  if (limit === undefined) return most;
  if (limit >= 1 && limit <= most) return limit;
  throw new ServiceError(400, 'InvalidParameterException', `limit ${limit} is not between 1 and ${most}`);
}

function range(request: GetLogEventsRequest, length: number, limit: number): [number, number] {
  if (request.nextToken === undefined) {
    return request.startFromHead ? [0, Math.min(limit, length)] : [Math.max(0, length - limit), length];
  }
  const [, direction, digits] = /^([fb])\/(\d+)$/.exec(request.nextToken) ?? [];
  const place = Math.min(Number(digits), length);
  if (direction === 'f') return [place, Math.min(place + limit, length)];
  if (direction === 'b') return [Math.max(0, place - limit), place];
  throw new ServiceError(400, 'InvalidParameterException', 'The specified nextToken is invalid.');
}
