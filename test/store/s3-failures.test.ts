import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackfillError } from '../../src/errors.ts';
import { awsFailure } from '../../src/store/aws-failure.ts';
import { createS3Client } from '../../src/store/s3-client.ts';
import { openS3Store } from '../../src/store/s3-store.ts';
import { type S3Server, startS3Server } from '../fake-aws/s3/s3-server.ts';
import { useDummyCredentials } from './s3-setting.ts';

useDummyCredentials();

describe('what is wrong with AWS', () => {
  let server: S3Server;
  beforeEach(async () => {
    server = await startS3Server();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });

  it.each([
    {
      status: 400,
      code: 'ExpiredToken',
      told: 'aws-credentials',
      words: 'have expired',
      hint: 'aws sso login',
    },
    {
      status: 403,
      code: 'SignatureDoesNotMatch',
      told: 'aws-credentials',
      words: 'not accepted',
      hint: '--profile',
    },
    {
      status: 403,
      code: 'AccessDenied',
      told: 'aws-denied',
      words: 'not allowed to read',
      hint: 's3:GetObject',
    },
    { status: 403, code: 'RequestTimeTooSkewed', told: 'aws-clock', words: 'clock', hint: 'clock' },
    { status: 404, code: 'NoSuchBucket', told: 'no-such-bucket', words: 'no such bucket', hint: 'aws s3 mb' },
    {
      status: 301,
      code: 'PermanentRedirect',
      told: 'aws-region',
      words: 'eu-north-1',
      hint: '--region eu-north-1',
    },
    {
      status: 400,
      code: 'AuthorizationHeaderMalformed',
      told: 'aws-region',
      words: 'eu-north-1',
      hint: '--region',
    },
    { status: 400, code: 'InvalidRequest', told: 'aws-refused', words: 'InvalidRequest', hint: undefined },
  ])('$code is $told', async ({ status, code, told, words, hint }) => {
    const headers = { 'x-amz-bucket-region': 'eu-north-1' };
    server.refuse({ operation: 'GetObject', status, code, headers, times: 1 });
    const error = await failureOf(
      openS3Store('s3://bucket/p', createS3Client({ endpoint: server.endpoint })).get('k'),
    );
    expect(error).toMatchObject({
      code: told,
      fault: 'environment',
      message: expect.stringContaining(words),
    });
    expect(error.message).toContain('s3://bucket/p/k');
    if (hint !== undefined) expect(error.hint).toContain(hint);
  });

  it('nobody answers', async () => {
    await server.close();
    const client = createS3Client({ endpoint: server.endpoint });
    const error = await failureOf(openS3Store('s3://bucket', client).get('k'));
    expect(error).toMatchObject({
      code: 'aws-unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(error.hint).toContain('--endpoint-url');
    server = await startS3Server();
  });

  it('there is no region', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
    const client = createS3Client({ endpoint: server.endpoint });
    const error = await failureOf(openS3Store('s3://bucket', client).get('k'));
    expect(error).toMatchObject({ code: 'aws-region', hint: expect.stringContaining('AWS_REGION') });
  });

  it('there are no credentials', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nonexistent');
    const client = createS3Client({ endpoint: server.endpoint });
    const error = await failureOf(openS3Store('s3://bucket', client).put('k', new Uint8Array()));
    expect(error).toMatchObject({
      code: 'aws-credentials',
      message: expect.stringContaining('no AWS credentials'),
    });
  });

  it('is told of other clients in the same words', () => {
    const throttled = Object.assign(new Error('Too Many Requests'), {
      name: 'TooManyRequestsException',
      $metadata: { httpStatusCode: 429 },
    });
    expect(awsFailure(throttled, { doing: 'describe jobs' })).toMatchObject({
      code: 'aws-unavailable',
      message: 'can not describe jobs: AWS answered 429 (TooManyRequestsException) to every attempt',
    });
    const denied = Object.assign(new Error('User: x is not authorized'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    expect(awsFailure(denied, { doing: 'submit jobs', needs: 'batch:SubmitJob' })).toMatchObject({
      code: 'aws-denied',
      hint: expect.stringContaining('batch:SubmitJob'),
    });
    expect(awsFailure(new TypeError('ours'), { doing: 'anything' })).toBeUndefined();
  });
});

async function failureOf(asked: Promise<unknown>): Promise<BackfillError> {
  return asked.then(
    () => expect.fail('nothing failed'),
    (error: BackfillError) => error,
  );
}
