import { expect, test } from 'vitest';
import { cancellationText } from '../../src/cli/cancel.ts';
import { pauseAfterLook } from '../../src/operations/shard-states.ts';

test.each([
  [0, 0, 2000],
  [99, 0, 2000],
  [101, 0, 2020],
  [3000, 137, 60_000],
  [1000, 4096, 40_960],
])('after a look of %d ms and %d requests, the next one comes %d ms later', (look, requests, pause) => {
  expect(pauseAfterLook(look, requests)).toBe(pause);
});

test.each([
  [
    { cancelled: true, state: 'cancelled', draining: true },
    'run r1 is cancelled: its workers leave when the tracks in flight are through, or their grace time is over; ' +
      'backfill resume r1 goes on with it\n',
  ],
  [
    { cancelled: true, state: 'cancelled', draining: false },
    'run r1 is cancelled: nothing works on it any more; backfill resume r1 goes on with it\n',
  ],
  [
    { cancelled: false, state: 'finished', draining: false },
    'run r1 is finished: there is nothing to cancel\n',
  ],
] as const)('%o', (cancellation, text) => {
  expect(cancellationText('r1', cancellation)).toBe(text);
});
