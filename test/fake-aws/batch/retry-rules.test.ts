import { describe, expect, test } from 'vitest';
import { type Ending, afterAttempt, matchesPattern } from './retry-rules.ts';

const RECLAIMED: Ending = { statusReason: 'Host EC2 (instance i-0abc) terminated.' };
const CRASHED: Ending = { exitCode: 1, statusReason: 'Essential container in task exited' };
const first = { ended: false, attemptsUsed: 1 };

describe('what follows an attempt', () => {
  test('exit code 0 is success, whatever the rules say', () => {
    const strategy = { attempts: 3, evaluateOnExit: [{ onExitCode: '0', action: 'RETRY' as const }] };
    expect(afterAttempt({ exitCode: 0, statusReason: '' }, { ...first, strategy })).toBe('SUCCEEDED');
  });

  test('one attempt is all there is where nothing else is said', () => {
    expect(afterAttempt(CRASHED, { ...first, strategy: undefined })).toBe('FAILED');
  });

  test('without rules any failure is tried again, until the attempts are used', () => {
    const strategy = { attempts: 2 };
    expect(afterAttempt(CRASHED, { ...first, strategy })).toBe('RUNNABLE');
    expect(afterAttempt(CRASHED, { ended: false, attemptsUsed: 2, strategy })).toBe('FAILED');
  });

  test('the first rule that matches decides, and none that matches means retry', () => {
    const reclaim = { onStatusReason: 'Host EC2*', action: 'retry' as 'RETRY' };
    const exit = { onReason: '*', action: 'EXIT' as const };
    const after = (ending: Ending, ...evaluateOnExit: (typeof reclaim | typeof exit)[]) =>
      afterAttempt(ending, { ...first, strategy: { attempts: 10, evaluateOnExit } });
    expect(after(RECLAIMED, reclaim, exit)).toBe('RUNNABLE');
    expect(after(CRASHED, reclaim, exit)).toBe('FAILED');
    expect(after(RECLAIMED, exit, reclaim)).toBe('FAILED');
    expect(after(CRASHED, reclaim)).toBe('RUNNABLE');
  });

  test('all the conditions that a rule names must be met', () => {
    const rule = { onExitCode: '13*', onReason: 'OutOfMemory*', action: 'EXIT' as const };
    const strategy = { attempts: 2, evaluateOnExit: [rule] };
    const killed: Ending = { exitCode: 137, statusReason: 'Essential container in task exited' };
    const starved = { ...killed, reason: 'OutOfMemoryError: Container killed due to memory usage' };
    expect(afterAttempt(killed, { ...first, strategy })).toBe('RUNNABLE');
    expect(afterAttempt(starved, { ...first, strategy })).toBe('FAILED');
  });

  test('what was terminated or timed out is not tried again', () => {
    expect(afterAttempt(CRASHED, { ended: true, attemptsUsed: 1, strategy: { attempts: 10 } })).toBe(
      'FAILED',
    );
    const done = { exitCode: 0, statusReason: '' };
    expect(afterAttempt(done, { ended: true, attemptsUsed: 1, strategy: { attempts: 10 } })).toBe('FAILED');
  });
});

describe('patterns', () => {
  test('only a trailing asterisk stands for more', () => {
    expect(matchesPattern('Host EC2*', 'Host EC2 (instance i-1) terminated.')).toBe(true);
    expect(matchesPattern('Host EC2', 'Host EC2 (instance i-1) terminated.')).toBe(false);
    expect(matchesPattern('75', '75')).toBe(true);
    expect(matchesPattern('75', '7')).toBe(false);
    expect(matchesPattern('*5', '75')).toBe(false);
    expect(matchesPattern('*', '')).toBe(true);
  });
});
