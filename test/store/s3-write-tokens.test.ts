import { describe, expect, it } from 'vitest';
import { SeenHistories, extendHistory, fateOf, newWriteToken } from '../../src/store/s3-write-tokens.ts';

describe('how a write recognises itself', () => {
  it('by its token in front, or further behind', () => {
    const [mine, other] = [newWriteToken(), newWriteToken()];
    const written = extendHistory(mine, undefined);
    expect(fateOf(mine, written)).toBe('stored');
    expect(fateOf(mine, extendHistory(other, written))).toBe('overtaken');
    expect(fateOf(mine, extendHistory(other, undefined))).toBe('refused');
    expect(fateOf(mine, undefined)).toBe('refused');
  });

  it('after many others, within what S3 takes as metadata', () => {
    const mine = newWriteToken();
    let history = extendHistory(mine, undefined);
    for (let i = 0; i < 63; i++) history = extendHistory(newWriteToken(), history);
    expect(fateOf(mine, history)).toBe('overtaken');
    for (let i = 0; i < 1000; i++) history = extendHistory(newWriteToken(), history);
    expect(history.length).toBeLessThan(1024);
  });

  it('knows the histories of the versions seen last', () => {
    const seen = new SeenHistories(2);
    seen.remember('a', 'v1', 'one');
    seen.remember('a', 'v2', 'two');
    seen.remember('a', 'v1', 'one');
    seen.remember('b', 'v1', 'three');
    expect([seen.of('a', 'v1'), seen.of('a', 'v2'), seen.of('b', 'v1')]).toEqual(['one', undefined, 'three']);
  });
});
