import { describe, expect, it } from 'vitest';
import { AdaptiveConcurrency, type Release } from '../../src/store/s3-concurrency.ts';

describe('the number of requests at once', () => {
  it('lets so many in, and the next when one is done, in order', async () => {
    const concurrency = new AdaptiveConcurrency({ initial: 2, highest: 2 });
    const admitted: string[] = [];
    const enter = async (name: string) => {
      const release = await concurrency.acquire();
      admitted.push(name);
      return release;
    };
    const [a, , , ,] = [enter('a'), enter('b'), enter('c'), enter('d')];
    const first = await a;
    await settled();
    expect(admitted).toEqual(['a', 'b']);
    first('served');
    await settled();
    expect(admitted).toEqual(['a', 'b', 'c']);
    expect(concurrency.inFlight).toBe(2);
  });

  it('doubles with each round of served requests, up to the highest, until it is first told to slow down', async () => {
    const concurrency = new AdaptiveConcurrency({ initial: 4, highest: 24 });
    await round(concurrency);
    expect(concurrency.limit).toBe(8);
    await round(concurrency);
    expect(concurrency.limit).toBe(16);
    await round(concurrency);
    expect(concurrency.limit).toBe(24);
  });

  it('allows one more with each round after that', async () => {
    const concurrency = new AdaptiveConcurrency({ initial: 16, highest: 12 });
    for (const release of await fill(concurrency)) release('congested');
    expect(concurrency.limit).toBe(8);
    await round(concurrency);
    await round(concurrency);
    expect(concurrency.limit).toBe(9);
    for (let i = 0; i < 10; i++) await round(concurrency);
    expect(concurrency.limit).toBe(12);
  });

  it('halves once for all the requests that were under way together', async () => {
    const concurrency = new AdaptiveConcurrency({ initial: 32, highest: 64 });
    const releases = await fill(concurrency);
    for (const release of releases) release('congested');
    expect(concurrency.limit).toBe(16);
    const [next] = await fill(concurrency);
    next?.('congested');
    expect(concurrency.limit).toBe(8);
  });

  it('never goes below one, and rises again from there', async () => {
    const concurrency = new AdaptiveConcurrency({ initial: 4, highest: 64 });
    for (let i = 0; i < 20; i++) (await concurrency.acquire())('congested');
    expect(concurrency.limit).toBe(1);
    await round(concurrency);
    expect(concurrency.limit).toBe(2);
  });

  it('does not grow while it is not used up, nor with failures', async () => {
    const concurrency = new AdaptiveConcurrency({ initial: 8, highest: 64 });
    for (let i = 0; i < 100; i++) (await concurrency.acquire())('served');
    for (const release of await fill(concurrency)) release('broken');
    expect(concurrency.limit).toBe(8);
    expect(concurrency.inFlight).toBe(0);
  });

  it('lets those go that are called off while they wait', async () => {
    const concurrency = new AdaptiveConcurrency({ initial: 1, highest: 1 });
    const release = await concurrency.acquire();
    const controller = new AbortController();
    const waiting = concurrency.acquire(controller.signal);
    const behind = concurrency.acquire();
    const reason = new Error('draining');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    release('served');
    (await behind)('served');
    expect(concurrency.inFlight).toBe(0);
  });

  it('counts a place as given back once', async () => {
    const concurrency = new AdaptiveConcurrency({ initial: 2, highest: 2 });
    const [first] = await fill(concurrency);
    first?.('served');
    first?.('served');
    expect(concurrency.inFlight).toBe(1);
  });
});

/** Takes all places there are. */
function fill(concurrency: AdaptiveConcurrency): Promise<Release[]> {
  return Promise.all(Array.from({ length: concurrency.limit }, () => concurrency.acquire()));
}

async function round(concurrency: AdaptiveConcurrency): Promise<void> {
  for (const release of await fill(concurrency)) release('served');
}

/** Resolves once all that could go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
