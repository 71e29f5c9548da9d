import { randomUUID } from 'node:crypto';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3Client } from '../../src/store/s3-client.ts';
import { openS3Store } from '../../src/store/s3-store.ts';
import { type StoreUnderTest, objectStoreSuite } from '../contracts/object-store.suite.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../fake-aws/fault-proxy.ts';
import { startS3Server } from '../fake-aws/s3/s3-server.ts';
import { useDummyCredentials } from './s3-setting.ts';

useDummyCredentials();

/** The weather of the second half of the suites. */
const FAULTS: Partial<Record<Fault, number>> = {
  slowDown: 0.02,
  serverError: 0.01,
  resetBefore: 0.03,
  loseResponse: 0.03,
  breakBody: 0.06,
};

suites('in process', async () => {
  const server = await startS3Server();
  return { endpoint: server.endpoint, close: () => server.close() };
});

// Set by `npm run test:aws`, which starts such servers: scripts/aws/s3-server.js and moto-server.js.
for (const [name, endpoint] of [
  ['real server', process.env['BACKFILL_TEST_S3_ENDPOINT']],
  ['moto', process.env['BACKFILL_TEST_MOTO_ENDPOINT']],
] as const) {
  if (endpoint !== undefined) suites(name, async () => ({ endpoint, close: async () => {} }));
}

/** The contract suite over a server, directly and through a proxy that breaks things. */
function suites(name: string, start: () => Promise<{ endpoint: string; close: () => Promise<void> }>): void {
  describe(`S3 ${name}`, () => {
    const bucket = `store-${randomUUID()}`;
    let server: Awaited<ReturnType<typeof start>>;
    let proxy: FaultProxy;

    beforeAll(async () => {
      server = await start();
      proxy = await startFaultProxy({ target: server.endpoint, seed: 20261121, faults: FAULTS });
      await createS3Client({ endpoint: server.endpoint }).send(new CreateBucketCommand({ Bucket: bucket }));
    });
    afterAll(async () => {
      await proxy.close();
      await server.close();
    });

    objectStoreSuite(`S3 ${name}`, async () => freshStore(server.endpoint, bucket));
    objectStoreSuite(`S3 ${name}, through faults`, async () => freshStore(proxy.endpoint, bucket));

    it('met every fault', () => {
      const { passed, throttle: _, ...faults } = proxy.counts();
      expect(passed).toBeGreaterThan(1000);
      for (const [fault, count] of Object.entries(faults)) expect(count, fault).toBeGreaterThan(0);
    });
  });
}

function freshStore(endpoint: string, bucket: string): StoreUnderTest {
  const client = createS3Client({ endpoint });
  const uri = `s3://${bucket}/${randomUUID()}`;
  return {
    store: openS3Store(uri, client),
    again: () => openS3Store(uri, client),
    close: async () => client.destroy(),
  };
}
