import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type S3Server, startS3Server } from '../fake-aws/s3/s3-server.ts';
import { TARGETS, hasEngine, runContainer } from './docker.ts';

const KEYS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** A job's role is told by an endpoint: docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
describe.runIf(hasEngine)('a worker with nothing but the role of its job', () => {
  let s3: S3Server;
  let role: Server;
  let asked: string[];

  beforeEach(async () => {
    s3 = await startS3Server();
    const client = new S3Client({
      endpoint: s3.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: KEYS,
    });
    await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    client.destroy();
    asked = [];
    role = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          AccessKeyId: KEYS.accessKeyId,
          SecretAccessKey: KEYS.secretAccessKey,
          Token: 'token',
          Expiration: '2099-01-01T00:00:00Z',
        }),
      );
    }).listen(0, '127.0.0.1');
    await once(role, 'listening');
  });
  afterEach(async () => {
    role.closeAllConnections();
    role.close();
    await s3.close();
  });

  it.each(TARGETS)('reaches the store from the image of %s', async (target) => {
    const { port } = role.address() as AddressInfo;
    const environment = {
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/role`,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const variables = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    const { code, stderr } = await runContainer(
      target,
      ['worker', 's3://bucket/runs/none/submissions/1.json', '--scratch', '/scratch'],
      [],
      ['--network', 'host', ...variables],
    );
    expect([code, stderr]).toEqual([3, expect.stringContaining('there is no submission 1 of run none')]);
    expect(asked.length).toBeGreaterThan(0);
    expect(s3.requests()['GetObject']).toBeGreaterThan(0);
  });
});
