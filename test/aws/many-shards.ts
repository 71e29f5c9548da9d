import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './account.ts';

/**
 * A manifest of tracks that cost next to nothing: lines of Korean lyrics, romanised by rule; with
 * {@link TINY_SHARDS} each is a shard of its own. What is tested is who works them, and how often.
 */
export async function manyTracks(
  account: Account,
  tracks: number,
): Promise<{ manifest: string; ids: string[] }> {
  await account.put('lyrics/ko.lrc', '[00:01.00]사랑해\n[00:03.00]안녕\n');
  const ids = Array.from({ length: tracks }, (_, i) => `track-${String(i).padStart(6, '0')}`);
  const rows = ids.map(
    (id) => `${id},s3://${account.bucket}/audio/${id}.mp3,3,s3://${account.bucket}/lyrics/ko.lrc,ko`,
  );
  const manifest = join(account.folder, 'manifest.csv');
  await writeFile(manifest, ['track_id,audio_uri,duration_s,lyrics_uri,language', ...rows, ''].join('\n'));
  return { manifest, ids };
}

/** Options with which every track is a shard. */
export const TINY_SHARDS: readonly string[] = ['-a', 'romanisation', '--shard-minutes', '0.000001'];
