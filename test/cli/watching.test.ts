import { expect, test } from 'vitest';
import { cancellationText } from '../../src/cli/cancel.ts';
import { pauseAfter } from '../../src/cli/status.ts';

test.each([
  [0, 2000],
  [99, 2000],
  [101, 2020],
  [3000, 60_000],
])('after a look of %d ms, status --watch waits %d ms', (look, pause) => {
  expect(pauseAfter(look)).toBe(pause);
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
