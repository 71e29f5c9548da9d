import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claim, commit, finish, quarantine } from '../../src/run/checkpoint.ts';
import { decodeRecord, encodeRecord } from '../../src/run/record-codec.ts';
import type { Checkpoint } from '../../src/run/records.ts';

const NOW = '2026-11-21T03:00:00.000Z';
const CALM = { holder: { host: 'h', process: 1 }, crash: undefined, previousLives: false, now: NOW };
const SHARD = { run: 'r', shard: 3, rows: 10 };

describe('taking a shard', () => {
  it('starts at the first row, in no doubt', () => {
    const { checkpoint, careful } = claim({
      previous: undefined,
      ...SHARD,
      attempt: 'a',
      ...CALM,
    });
    expect(checkpoint).toMatchObject({ state: 'running', next: 0, attempts: 1, attempt: 'a' });
    expect(careful).toBe(false);
  });

  it('after a drain goes on where that left off, in no doubt', () => {
    const { checkpoint, careful } = claim({ ...after(drained(4)), attempt: 'b' });
    expect(checkpoint).toMatchObject({ state: 'running', next: 4, attempts: 2, attempt: 'b' });
    expect(careful).toBe(false);
  });

  it('is careful after an attempt that ended without a word, and blames no row that it did not note', () => {
    const { checkpoint, careful } = claim({ ...after(running(4)), attempt: 'b' });
    expect(careful).toBe(true);
    expect(checkpoint.strikes).toEqual([]);
  });

  it('blames the noted row for a silent end, and gives it up at the second', () => {
    let checkpoint = claim({ ...after(running(4, 4)), attempt: 'b' }).checkpoint;
    expect(quarantine(checkpoint, 4)).toBeUndefined();
    checkpoint = claim({ ...after({ ...checkpoint, noted: 4 }), attempt: 'c' }).checkpoint;
    expect(quarantine(checkpoint, 4)).toMatchObject({ row: 4, crashes: 2, cause: 'crashed' });
    expect(quarantine(checkpoint, 5)).toBeUndefined();
  });

  it('blames the row that the supervisor saw in flight, and needs no care', () => {
    const crash = { attempt: 'a', row: 6, cause: 'out-of-memory', how: 'was ended by SIGKILL' } as const;
    const { checkpoint, careful } = claim({ ...after(running(4)), attempt: 'b', crash });
    expect(careful).toBe(false);
    expect(checkpoint.strikes).toEqual([{ row: 6, crashes: 1, cause: 'out-of-memory' }]);
  });

  it('blames nobody where the attempt before is seen to live', () => {
    const { checkpoint, careful } = claim({ ...after(running(4, 4)), attempt: 'b', previousLives: true });
    expect(careful).toBe(false);
    expect(checkpoint).toMatchObject({ attempt: 'b', next: 4, strikes: [] });
  });

  it('blames nobody where the machine of the attempt before was taken away, and counts it', () => {
    const { checkpoint, careful } = claim({ ...after(running(4, 4)), attempt: 'b', reclaims: 1 });
    expect(careful).toBe(false);
    expect(checkpoint).toMatchObject({ attempt: 'b', next: 4, strikes: [], reclaims: 1 });
    const again = claim({ ...after({ ...checkpoint, noted: 4 }), attempt: 'c', reclaims: 2 });
    expect(again.checkpoint).toMatchObject({ strikes: [], reclaims: 2 });
    const later = claim({ ...after(drained(4)), attempt: 'd' });
    expect(later.checkpoint.reclaims).toBeUndefined();
  });

  it('does not try a row again that hung', () => {
    const crash = { attempt: 'a', row: 6, cause: 'timeout', how: 'was ended by SIGKILL' } as const;
    const { checkpoint } = claim({ ...after(running(4)), attempt: 'b', crash });
    expect(quarantine(checkpoint, 6)).toMatchObject({ cause: 'timeout' });
  });

  it('does not believe a report about another attempt than the last', () => {
    const crash = { attempt: 'long gone', row: 6, cause: 'crashed', how: 'was ended by SIGKILL' } as const;
    const { checkpoint, careful } = claim({ ...after(running(4)), attempt: 'b', crash });
    expect(checkpoint.strikes).toEqual([]);
    expect(careful).toBe(true);
  });

  it('leaves a complete shard complete: it has only to be published', () => {
    const complete = commit(running(4), { ...progress(10), drained: false });
    expect(complete.state).toBe('complete');
    expect(claim({ ...after(complete), attempt: 'b' })).toMatchObject({
      checkpoint: { state: 'complete', parts: complete.parts },
      careful: false,
    });
  });
});

describe('committing', () => {
  it('forgets strikes and notes of rows that are through', () => {
    const struck: Checkpoint = {
      ...running(4, 5),
      strikes: [
        { row: 5, crashes: 1, cause: 'crashed' },
        { row: 8, crashes: 1, cause: 'crashed' },
      ],
    };
    const committed = commit(struck, { ...progress(7), drained: false });
    expect(committed.strikes.map(({ row }) => row)).toEqual([8]);
    expect(committed.noted).toBeUndefined();
  });

  it('adds up counts however the rows were cut into commits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('ok', 'silent', 'timeout'), { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat(30)),
        (codes, cuts) => {
          const rows = codes.length;
          let checkpoint = claim({
            previous: undefined,
            ...SHARD,
            rows,
            attempt: 'a',
            ...CALM,
          }).checkpoint;
          const stops = [...new Set([...cuts.filter((cut) => cut > 0 && cut < rows), rows])].toSorted(
            (a, b) => a - b,
          );
          for (const next of stops) {
            const failed: Record<string, number> = {};
            const slice = codes.slice(checkpoint.next, next);
            for (const code of slice) if (code !== 'ok') failed[code] = (failed[code] ?? 0) + 1;
            const succeeded = slice.filter((code) => code === 'ok').length;
            checkpoint = commit(checkpoint, {
              ...progress(next),
              counts: { pitch: { succeeded, failed } },
              drained: false,
            });
          }
          expect(checkpoint.state).toBe('complete');
          expect(checkpoint.parts).toHaveLength(stops.length);
          expect(checkpoint.counts['pitch']?.succeeded).toBe(codes.filter((code) => code === 'ok').length);
          expect(checkpoint.counts['pitch']?.failed['silent'] ?? 0).toBe(
            codes.filter((code) => code === 'silent').length,
          );
        },
      ),
    );
  });

  it('survives being stored', () => {
    const checkpoint = finish(commit(running(4), { ...progress(10), drained: false }), NOW);
    const { run, shard } = SHARD;
    expect(decodeRecord('checkpoint', 'k', encodeRecord(checkpoint), { run, shard })).toEqual(checkpoint);
  });
});

describe('a record in the wrong place', () => {
  it.each([
    ['of another run', { ...running(1), run: 'other' }, /its run is other, not r/],
    ['of another schema', { ...running(1), schema: 2 }, /schema 2, and this backfill reads schema 1/],
    ['of another kind', { ...running(1), kind: 'run' }, /kind/],
    ['with a field that can not be', { ...running(1), next: -1 }, /next/],
  ])('%s is refused', (_, record, message) => {
    const bytes = new TextEncoder().encode(JSON.stringify(record));
    expect(() => decodeRecord('checkpoint', 'k', bytes, { run: 'r', shard: 3 })).toThrow(message);
  });

  it('that is not JSON is refused', () => {
    expect(() => decodeRecord('checkpoint', 'k', new Uint8Array([0xff]), {})).toThrow(
      /k in the store is damaged: it is not JSON/,
    );
  });
});

function running(next: number, noted?: number): Checkpoint {
  const { checkpoint } = claim({ previous: undefined, ...SHARD, attempt: 'a', ...CALM });
  return commit(checkpoint, { ...progress(next), drained: false, noted });
}

function drained(next: number): Checkpoint {
  return commit(running(next - 1), { ...progress(next), drained: true });
}

function after(previous: Checkpoint): { previous: Checkpoint } & typeof SHARD & typeof CALM {
  return { previous, ...SHARD, ...CALM };
}

function progress(next: number): Omit<Parameters<typeof commit>[1], 'drained' | 'noted'> {
  return { next, part: `0-${next}-a.jsonl.zst`, counts: {}, workSeconds: 1, now: NOW };
}
