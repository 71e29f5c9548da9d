/**
 * The jobs that Batch knows: what was submitted, what can be seen already, what is forgotten.
 * Sources: docs.aws.amazon.com/batch/latest/APIReference/API_ListJobs.html, API_DescribeJobs.html; that
 * finished jobs are kept at least seven days: job_states.html of the user guide.
 */
import type { KeyValuesPair, ListJobsRequest } from '@aws-sdk/client-batch';
import { nameInArn } from './arn.ts';
import { type Job, type Status, isArray, isFinished } from './job.ts';
import type { Staleness } from './options.ts';
import { type Page, type PageRequest, pageSize, placeOf, tokenOf } from './pages.ts';
import type { Queue } from './queue.ts';
import { clientError } from './service-error.ts';

export class JobStore {
  readonly #jobs = new Map<string, Job>();
  readonly #staleness: Staleness;
  /** Those that can not be seen yet: until when, and how many reads more do not know them. */
  readonly #hidden = new Map<Job, { until: number; reads: number }>();

  constructor(staleness: Staleness) {
    this.#staleness = staleness;
  }

  add(job: Job, now: number): void {
    this.#jobs.set(job.id, job);
    job.queue.jobs.push(job);
    const { milliseconds, reads } = this.#staleness;
    if (milliseconds === undefined && reads === undefined) return;
    this.#hidden.set(job, { until: now + (milliseconds ?? 0), reads: reads ?? 0 });
  }

  /** A call that reads is made: what it may see is decided once, for all of it. */
  beginRead(now: number): void {
    for (const [job, entry] of this.#hidden) {
      if (entry.reads <= 0 && entry.until <= now) this.#hidden.delete(job);
      entry.reads -= 1;
    }
  }

  /** A job or child by its id, seen or not yet. */
  find(id: string): Job | undefined {
    const [parentId = '', index] = id.split(':');
    const job = this.#jobs.get(parentId);
    if (index === undefined || job === undefined) return job;
    return isArray(job) ? job.children[Number(index)] : undefined;
  }

  /** The same, for calls that read: what is not seen yet is not there. */
  seen(id: string): Job | undefined {
    const job = this.find(id);
    return job === undefined || this.#hidden.has(job.parent ?? job) ? undefined : job;
  }

  /** All that were submitted and not forgotten; children are within their array jobs. */
  all(): Iterable<Job> {
    return this.#jobs.values();
  }

  /** Forgets what has finished. Returns how many jobs that were, children not counted. */
  forgetFinished(): number {
    const finished = [...this.#jobs.values()].filter(isFinished);
    for (const job of finished) {
      this.#jobs.delete(job.id);
      this.#hidden.delete(job);
    }
    for (const queue of new Set(finished.map((job) => job.queue))) {
      queue.jobs = queue.jobs.filter((job) => this.#jobs.has(job.id));
    }
    return finished.length;
  }

  /** One page of the children of an array job that are in a state, by index. */
  children(arrayJobId: string, request: ListJobsRequest, usual: number): Page<Job> {
    if (request.filters !== undefined)
      throw clientError('filters do not apply to the children of an array job');
    const array = this.seen(arrayJobId);
    if (array === undefined || !isArray(array)) return { items: [], nextToken: undefined };
    const status: Status = request.jobStatus ?? 'RUNNING';
    const from = placeOf(request.nextToken) ?? 0;
    return scan(from, array.children.length, request, { usual, most: 1000 }, (place) => {
      const child = array.children[place];
      return child?.status === status ? child : undefined;
    });
  }

  /** One page of the jobs of a queue, newest first: those in a state, or those that a filter lets through. */
  inQueue(queue: Queue, request: ListJobsRequest, usual: number): Page<Job> {
    const wanted = filterOf(request);
    const { jobs } = queue;
    // A place counts from the oldest, so that jobs that come between two pages do not shift it.
    const last = placeOf(request.nextToken) ?? jobs.at(-1)?.sequence ?? 0;
    const from = jobs.findLastIndex((job) => job.sequence <= last);
    const page = scan(
      0,
      from + 1,
      request,
      { usual, most: request.filters === undefined ? 1000 : 100 },
      (place) => {
        const job = jobs[from - place];
        return job !== undefined && !this.#hidden.has(job) && wanted(job) ? job : undefined;
      },
    );
    const next = page.nextToken === undefined ? undefined : jobs[from - (placeOf(page.nextToken) ?? 0)];
    return { items: page.items, nextToken: next === undefined ? undefined : tokenOf(next.sequence) };
  }
}

/** Collects a page from places `from` up to `end`; the token is the place to go on from. */
function scan(
  from: number,
  end: number,
  request: PageRequest,
  sizes: { usual: number; most: number },
  take: (place: number) => Job | undefined,
): Page<Job> {
  const size = pageSize(request, sizes);
  const items: Job[] = [];
  for (let place = from; place < end; place += 1) {
    const job = take(place);
    if (job === undefined) continue;
    if (items.length === size) return { items, nextToken: tokenOf(place) };
    items.push(job);
  }
  return { items, nextToken: undefined };
}

/** What ListJobs lets through: with a filter any state, without RUNNING jobs or those of jobStatus. */
function filterOf({ filters, jobStatus }: ListJobsRequest): (job: Job) => boolean {
  if (filters === undefined) {
    const status: Status = jobStatus ?? 'RUNNING';
    return (job) => job.status === status;
  }
  const [filter, ...more] = filters;
  const [value, ...values] = filter?.values ?? [];
  if (filter === undefined || more.length > 0) throw clientError('filters takes exactly one filter');
  if (value === undefined || values.length > 0)
    throw clientError(`filter ${filter.name} takes exactly one value`);
  return predicateOf(filter, value, jobStatus);
}

function predicateOf(
  { name }: KeyValuesPair,
  value: string,
  jobStatus: Status | undefined,
): (job: Job) => boolean {
  const prefix = value.endsWith('*') ? value.slice(0, -1) : undefined;
  switch (name) {
    case 'JOB_NAME': {
      // Case does not matter here, and does for job definitions.
      const wanted = (prefix ?? value).toLowerCase();
      return ({ spec }) => {
        const jobName = spec.jobName.toLowerCase();
        return prefix === undefined ? jobName === wanted : jobName.startsWith(wanted);
      };
    }
    case 'JOB_DEFINITION':
      return ({ spec: { definition } }) => {
        if (value.startsWith('arn:')) return definition.jobDefinitionArn === value;
        const { jobDefinitionName } = definition;
        return prefix === undefined
          ? jobDefinitionName === nameInArn(value)
          : jobDefinitionName.startsWith(prefix);
      };
    case 'BEFORE_CREATED_AT':
      return ({ createdAt }) => createdAt < Number(value);
    case 'AFTER_CREATED_AT':
      return ({ createdAt }) => createdAt > Number(value);
    case 'SHARE_IDENTIFIER':
      return ({ spec, status }) =>
        spec.shareIdentifier === value && (jobStatus === undefined || status === jobStatus);
    default:
      throw clientError(`there is no filter ${name}`);
  }
}
