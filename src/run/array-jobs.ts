/**
 * Which child of which job works which shard of a submission. All follows from the number of shards and the
 * size of an array, so that whoever comes after a crash cuts the same jobs and gives them the same names.
 */

/** AWS Batch's limits: docs.aws.amazon.com/batch/latest/userguide/array_jobs.html */
export const MAX_ARRAY_SIZE = 10_000;

/** One job: `size` entries of the submission's table from `first` on. One entry alone is a plain job. */
export interface ArrayJob {
  /** From 0. */
  readonly job: number;
  readonly first: number;
  readonly size: number;
}

/** Cuts a submission into jobs of at most `arraySize` children, as even as can be. */
export function cutArrayJobs(shards: number, arraySize: number): ArrayJob[] {
  const jobs = Math.ceil(shards / arraySize);
  return Array.from({ length: jobs }, (_, job) => {
    const first = Math.floor((job * shards) / jobs);
    return { job, first, size: Math.floor(((job + 1) * shards) / jobs) - first };
  });
}

/** The name of a job: Batch has no other mark by which a job can be found whose id was lost. */
export function jobName(run: string, submission: number, job: number): string {
  return `backfill-${run}-${submission}-${job}`;
}

/** The id of the child at an index of the submission's table. */
export function childId(jobId: string, { first, size }: ArrayJob, index: number): string {
  return size === 1 ? jobId : `${jobId}:${index - first}`;
}
