import { describe, expect, test } from 'vitest';
import { environmentError } from '../../../src/errors.ts';
import { requireUsableQueues } from '../../../src/executor/batch/require-usable-queues.ts';
import { stackAccount } from './diagnosed-account.ts';

const TARGET = { queue: 'backfill-spot', fallbackQueue: 'backfill-on-demand' };

describe('queues that a run is about to use', () => {
  test('are taken as the template makes them, and where the caller may not look behind them', async () => {
    const { api } = await stackAccount();
    await requireUsableQueues(api, TARGET);
    api.computeEnvironments.length = 0;
    api.describeComputeEnvironments = () => Promise.reject(environmentError('aws-denied', 'not allowed'));
    await requireUsableQueues(api, TARGET);
  });

  test('are refused where nothing is behind them', async () => {
    const { api } = await stackAccount();
    api.computeEnvironments.splice(1, 1);
    await expect(requireUsableQueues(api, TARGET)).rejects.toMatchObject({
      code: 'queue-unusable',
      fault: 'usage',
      message: expect.stringContaining("'backfill-on-demand' takes jobs and can start none"),
    });
  });
});
