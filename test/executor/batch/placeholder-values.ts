import type { Placeholder } from '../../../src/executor/batch/job-definition-file.ts';

export const DIGEST: string = `sha256:${'5e'.repeat(32)}`;
export const REPOSITORY = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/backfill';

/** What stands for each placeholder in tests. */
export const VALUES: Readonly<Record<Placeholder, string>> = {
  image: `${REPOSITORY}@${DIGEST}`,
  jobRoleArn: 'arn:aws:iam::123456789012:role/backfill-JobRole',
  executionRoleArn: 'arn:aws:iam::123456789012:role/backfill-ExecutionRole',
  logGroup: '/backfill/worker',
};
