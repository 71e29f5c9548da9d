import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSong } from '../../test/end-to-end/catalogue.ts';
import { withStandIn } from '../catalogue/counted-shards.ts';
import { type RequestCosts, countRequests } from '../catalogue/request-costs.ts';
import type { Check } from './check.ts';

const TRACKS = 3;
const SONG_SECONDS = 8;

/** Counted once, whoever asks first: the stand-in is one of the process. */
let counted: Promise<RequestCosts> | undefined;

function counts(scratch: string): Promise<RequestCosts> {
  counted ??= countSongs(join(scratch, 'songs'));
  return counted;
}

const LOOK =
  'src/worker: shard-loop.ts, publish.ts, source-fetcher.ts; and src/plan/request-estimate.ts says what plan shows';

export const REQUEST_CHECKS: readonly Check[] = [
  {
    name: 'requests: reads of a track',
    limit: { most: 1 },
    reason: 'each is fetched once, by one request: $24 of the $30 that a catalogue may cost in requests',
    look: LOOK,
    measure: async (scratch) => (await counts(scratch)).read.perTrack,
  },
  {
    name: 'requests: writes and listings of a shard, without its commits',
    limit: { most: 6 },
    reason:
      'a claim, three results, the last checkpoint, the marker (docs/decisions: requests of a catalogue)',
    look: LOOK,
    measure: async (scratch) => (await counts(scratch)).write.perShard,
  },
  {
    name: 'requests: writes of a commit',
    limit: { most: 2 },
    reason: 'a part, and the checkpoint that names it',
    look: LOOK,
    measure: async (scratch) => (await counts(scratch)).write.perCommit,
  },
  {
    name: 'requests: reads of a shard, without sources and parts',
    limit: { most: 6 },
    reason:
      'whether it was cancelled, the run, its entry, that of the plan, its piece of the plan, its checkpoint',
    look: LOOK,
    measure: async (scratch) => (await counts(scratch)).read.perShard,
  },
];

async function countSongs(folder: string): Promise<RequestCosts> {
  await mkdir(folder);
  const tracks = await Promise.all(
    Array.from({ length: TRACKS }, async (_, seed) => {
      const path = join(folder, `${seed}.wav`);
      await makeSong(path, seed, SONG_SECONDS);
      return { trackId: `song-${seed}`, path, durationSeconds: SONG_SECONDS };
    }),
  );
  return withStandIn((server) => countRequests(server, { tracks }, folder));
}
