import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../fake-aws/batch/seeded-random.ts';
import type { Catalogue } from './catalogue.ts';

/** The first and the number of the syllables of Hangul. */
const SYLLABLES = { first: 0xac00, count: 11_172 };

/** Makes tracks of lyrics alone, quick to work: random syllables, which no compression makes much smaller. */
export async function makeLyricsCatalogue(tracks: number, lines: number): Promise<Catalogue> {
  const random = seededRandom(20_261_128);
  const syllable = () => String.fromCharCode(SYLLABLES.first + Math.floor(random() * SYLLABLES.count));
  const folder = await mkdtemp(join(tmpdir(), 'backfill-test-'));
  await mkdir(join(folder, 'lyrics'));
  const trackIds = Array.from({ length: tracks }, (_, index) => `track-${index}`);
  for (const id of trackIds) {
    const sung = Array.from({ length: lines }, (_, second) => {
      const stamp = `${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`;
      return `[${stamp}.00]${Array.from({ length: 20 }, syllable).join('')}\n`;
    });
    await writeFile(join(folder, 'lyrics', `${id}.lrc`), sung.join(''));
  }
  const manifest = join(folder, 'manifest.csv');
  const rows = trackIds.map((id) => `${id},none.mp3,lyrics/${id}.lrc,ko`);
  await writeFile(manifest, ['track_id,audio_uri,lyrics_uri,language', ...rows, ''].join('\n'));
  return { folder, manifest, store: join(folder, 'store'), trackIds };
}
