import * as batch from '@aws-sdk/client-batch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecr from '@aws-sdk/client-ecr';
import * as quotas from '@aws-sdk/client-service-quotas';
import { beforeAll, describe, expect, test } from 'vitest';
import { requestProblems } from '../../src/executor/batch/job-definition-schema.ts';
import type { RecordedRequest } from '../fake-aws/batch/fake-batch.ts';
import { recordRun } from './recorded-run.ts';

/** The model that each SDK serialises requests by: `SubmitJobRequest$`. */
const MODEL: ReadonlyMap<string, unknown> = new Map(
  [batch, logs, ecr, quotas].flatMap((sdk) =>
    Object.entries(sdk).filter(([name]) => name.endsWith('Request$')),
  ),
);

const OPERATIONS = [
  'RegisterJobDefinition',
  'SubmitJob',
  'DescribeJobs',
  'ListJobs',
  'TerminateJob',
  'DescribeJobQueues',
  'DescribeJobDefinitions',
  'DescribeComputeEnvironments',
  'DescribeLogGroups',
  'GetLogEvents',
  'DescribeImages',
  'GetServiceQuota',
  'GetAWSDefaultServiceQuota',
];

/** EC2's client is not among the dependencies: its one request is held to AWS's page here, and to moto's reading. */
const QUERIES = ['DescribeSubnets'];

let requests: readonly RecordedRequest[];
beforeAll(async () => {
  ({ requests } = await recordRun());
});

function bodiesOf(wanted: string): readonly RecordedRequest['body'][] {
  return requests.filter(({ operation }) => operation === wanted).map(({ body }) => body);
}

describe("requests of a run against the SDK's own model", () => {
  test.each(OPERATIONS)('%s', (operation) => {
    const bodies = bodiesOf(operation);
    expect(bodies).not.toHaveLength(0);
    for (const body of bodies) {
      expect(requestProblems(body, MODEL.get(`${operation}Request$`)), JSON.stringify(body)).toEqual([]);
    }
  });

  test('DescribeSubnets of EC2, by docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html', () => {
    expect(bodiesOf('DescribeSubnets')).not.toHaveLength(0);
    for (const body of bodiesOf('DescribeSubnets')) {
      expect(body).toEqual({ Action: 'DescribeSubnets', Version: '2016-11-15', 'SubnetId.1': 'subnet-0' });
    }
  });

  test('no operation was left out', () => {
    expect(new Set(requests.map(({ operation }) => operation))).toEqual(new Set([...OPERATIONS, ...QUERIES]));
  });

  test('all the ways of asking are among them', () => {
    const submitted = bodiesOf('SubmitJob');
    expect(submitted).toContainEqual(expect.objectContaining({ arrayProperties: { size: 2 } }));
    expect(submitted.filter((body) => !('arrayProperties' in body))).not.toHaveLength(0);
    expect(submitted).toContainEqual(
      expect.objectContaining({
        containerOverrides: {
          environment: [{ name: 'AWS_REGION', value: 'us-east-1' }],
          resourceRequirements: [{ type: 'MEMORY', value: '4096' }],
        },
      }),
    );
    const listed = bodiesOf('ListJobs');
    expect(listed.filter((body) => 'jobQueue' in body && 'filters' in body)).not.toHaveLength(0);
    expect(listed.filter((body) => 'arrayJobId' in body)).not.toHaveLength(0);
  });

  test('what the model does not know, or wants, would be told', () => {
    const [body] = bodiesOf('SubmitJob');
    const problems = (change: object) =>
      requestProblems({ ...body, ...change }, MODEL.get('SubmitJobRequest$'));
    expect(problems({ retryStrategies: {} })).toEqual(['retryStrategies is not known to AWS Batch']);
    expect(problems({ jobName: undefined })).toContain('jobName is missing');
    expect(problems({ arrayProperties: { size: '2' } })).toEqual(['arrayProperties.size has to be a number']);
    expect(problems({ retryStrategy: { evaluateOnExit: [{ onReason: '*' }] } })).toEqual([
      'retryStrategy.evaluateOnExit[0].action is missing',
    ]);
  });
});
