import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LyricsAlgorithm } from '../../src/algorithms/algorithm.ts';
import { environmentError } from '../../src/errors.ts';
import type { Track } from '../../src/manifest/track.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { PutOptions } from '../../src/store/object-store.ts';
import { ShardCheckpoint, readCheckpoint } from '../../src/worker/shard-checkpoint.ts';
import { workShard } from '../../src/worker/shard-loop.ts';
import { TrackPipeline } from '../../src/worker/track-pipeline.ts';
import { seededRandom } from '../fake-aws/batch/seeded-random.ts';
import { MemorySources } from './memory-sources.ts';

const RUN = '20261121-031500-k79e3';
const ROWS = 6;
/** Of each row's outcome, about, however it is compressed. */
const ROW_BYTES = 3000;
/** What a whole shard takes, with the room that an attempt keeps for its last word. */
const MOST_BYTES = 90_000;

/** A store that has so much room, and like a file system needs it for the new version beside the old one. */
class LimitedStore extends MemoryStore {
  capacity = Number.POSITIVE_INFINITY;

  override async put(key: string, body: Uint8Array, options?: PutOptions): Promise<{ etag: string }> {
    let taken = body.length;
    for await (const { size } of this.list('')) taken += size;
    if (taken > this.capacity) throw environmentError('disk-full', 'no room is left');
    return super.put(key, body, options);
  }
}

const random = seededRandom(7);
const letters = Array.from({ length: ROW_BYTES }, () => String.fromCharCode(33 + Math.floor(random() * 94)));

const READS: LyricsAlgorithm = {
  name: 'reads',
  version: '1',
  summary: 'for tests',
  cost: { perTrackSeconds: 0, perAudioSecond: 0 },
  present: () => ({}),
  columns: [{ name: 'text', type: 'string', description: 'as much as the lyrics are' }],
  input: { kind: 'lyrics' },
  run: ({ bytes }) => ({
    text: [...letters.slice(bytes.length), ...letters.slice(0, bytes.length)].join(''),
  }),
};

const SEED = 20_261_128;

it(`a store that is full, again and again at whichever row, blames none (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.nat(4 * ROW_BYTES), fc.nat(MOST_BYTES)),
      fc.array(fc.nat(ROW_BYTES), { minLength: 1, maxLength: 12 }),
      fc.constantFrom(0, 1000),
      async (capacity, growth, checkpointSeconds) => {
        const store = new LimitedStore();
        // An attempt that died without a word: whoever comes next notes each row before it starts it.
        await attempt(store, 'died', checkpointSeconds, false);
        store.capacity = capacity;
        for (const [index, more] of growth.entries()) {
          store.capacity += more;
          await attempt(store, `full-${index}`, checkpointSeconds, true).catch(expectFull);
          const { checkpoint } = (await readCheckpoint(store, RUN, 0)) ?? {};
          expect(checkpoint?.strikes).toEqual([]);
          expect(checkpoint?.noted).toBeUndefined();
        }
        store.capacity = Number.POSITIVE_INFINITY;
        await attempt(store, 'last', checkpointSeconds, true);
        const { checkpoint } = (await readCheckpoint(store, RUN, 0)) ?? {};
        expect(checkpoint).toMatchObject({
          state: 'complete',
          counts: { reads: { succeeded: ROWS, failed: {} } },
        });
      },
    ),
    { seed: SEED, numRuns: 100 },
  );
});

function expectFull(error: unknown): void {
  expect(error).toMatchObject({ code: 'disk-full' });
}

async function attempt(
  store: LimitedStore,
  name: string,
  checkpointSeconds: number,
  works: boolean,
): Promise<void> {
  const now = () => '2026-11-21T03:15:00.000Z';
  const identity = { run: RUN, shard: 0, rows: ROWS };
  const taken = await ShardCheckpoint.take(store, identity, { attempt: name, crash: undefined, now });
  if (!works) return;
  const sources = new MemorySources();
  const tracks = Array.from({ length: ROWS }, (_, row): { track: Track } => {
    const lyricsUri = `s3://music/${row}.lrc`;
    sources.put(lyricsUri, '.'.repeat(row + 1));
    const trackId = `track-${row}`;
    return {
      track: {
        trackId,
        audioUri: 's3://music/none',
        durationSeconds: 2,
        lyricsUri,
        language: undefined,
        extra: {},
      },
    };
  });
  const never = new AbortController().signal;
  await workShard({
    store,
    tracks,
    algorithms: [READS],
    columns: new Map([[READS.name, READS.columns]]),
    pipeline: new TrackPipeline({
      base: '/',
      maxSourceBytes: 2 ** 20,
      maxDurationSeconds: 60,
      scratchDirectory: '/',
      openSources: async () => sources,
      storeRendition: () => Promise.reject(new Error('nothing is encoded here')),
    }),
    checkpoint: taken.checkpoint,
    careful: taken.careful,
    crash: undefined,
    checkpointSeconds,
    leave: () => never,
    stop: never,
    clock: () => performance.now() / 1000,
    now,
    onRow: () => {},
    onProgress: () => {},
  });
}
