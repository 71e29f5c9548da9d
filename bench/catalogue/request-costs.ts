/** Requests of a catalogue's run, from counted ones. */
import { S3_PRICES } from '../../src/plan/request-estimate.ts';
import type { S3Server } from '../../test/fake-aws/s3/s3-server.ts';
import { countShards } from './counted-shards.ts';
import type { Recordings } from './recordings.ts';

const ANALYSES = ['fingerprint', 'chorus', 'pitch'] as const;

/** How S3 bills each operation that a worker may ask for; what stands nowhere here would be free, and is refused. */
const BILLED_AS: Readonly<Record<string, 'write' | 'read' | 'free'>> = {
  PutObject: 'write',
  ListObjectsV2: 'write',
  CreateMultipartUpload: 'write',
  UploadPart: 'write',
  CompleteMultipartUpload: 'write',
  GetObject: 'read',
  HeadObject: 'read',
  DeleteObject: 'free',
  AbortMultipartUpload: 'free',
};

/** Requests by what they grow with. */
export interface RequestCosts {
  readonly write: { readonly perShard: number; readonly perCommit: number };
  readonly read: { readonly perShard: number; readonly perCommit: number; readonly perTrack: number };
}

/**
 * Counts three shards: of one track and of many, each with one commit; and of many with a commit after each. What
 * grows with tracks, and what with commits, is the difference.
 */
export async function countRequests(
  server: S3Server,
  { tracks }: Pick<Recordings, 'tracks'>,
  scratch: string,
): Promise<RequestCosts> {
  const [rare, often] = [1e6, 1e-6];
  const [first] = tracks;
  if (first === undefined || tracks.length < 2)
    throw new Error('two tracks are the least that can be counted');
  const count = async (some: typeof tracks, checkpointSeconds: number): Promise<Billed> => {
    const counted = await countShards(server, {
      tracks: some,
      algorithms: ANALYSES,
      shardSeconds: 1e6,
      checkpointSeconds,
      scratch,
    });
    if (counted.shards !== 1) throw new Error(`one shard was meant, and ${counted.shards} were planned`);
    return billed(counted.requests);
  };
  const one = await count([first], rare);
  const many = await count(tracks, rare);
  const committed = await count(tracks, often);
  const more = tracks.length - 1;
  const perCommit = {
    write: (committed.write - many.write) / more,
    read: (committed.read - many.read) / more,
  };
  if (many.write !== one.write) throw new Error('writes grow with tracks');
  const perTrack = (many.read - one.read) / more;
  return {
    write: { perShard: one.write - perCommit.write, perCommit: perCommit.write },
    read: { perShard: one.read - perTrack - perCommit.read, perCommit: perCommit.read, perTrack },
  };
}

interface Billed {
  readonly write: number;
  readonly read: number;
}

function billed(requests: Readonly<Record<string, number>>): Billed {
  const sum = { write: 0, read: 0, free: 0 };
  for (const [operation, count] of Object.entries(requests)) {
    const kind = BILLED_AS[operation];
    if (kind === undefined) throw new Error(`nobody knows what S3 takes for ${operation}`);
    sum[kind] += count;
  }
  return sum;
}

/** USD for all requests of a run. A file of failures, which every shard is taken to have, is added to the counted. */
export function dollarsOfRequests(
  { write, read }: RequestCosts,
  run: { readonly tracks: number; readonly shards: number; readonly commits: number },
): { readonly sources: number; readonly shards: number; readonly perShard: { write: number; read: number } } {
  const perShard = {
    write: write.perShard + 1 + write.perCommit * run.commits,
    read: read.perShard + read.perCommit * run.commits,
  };
  return {
    sources: (run.tracks * read.perTrack * S3_PRICES.read) / 1000,
    shards: (run.shards * (perShard.write * S3_PRICES.write + perShard.read * S3_PRICES.read)) / 1000,
    perShard,
  };
}
