import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selectAlgorithms } from '../../src/algorithms/registry.ts';
import { encodeLine } from '../../src/worker/part.ts';
import { TrackPipeline } from '../../src/worker/track-pipeline.ts';
import { medianRatio, pairedRounds } from '../harness/paired.ts';
import { LANGUAGES, makeLyrics } from '../romanisation/lyrics.ts';
import { romanisationSides, type SideFigures } from '../romanisation/sides.ts';
import { allocatedBytes } from './allocated-bytes.ts';
import type { Check } from './check.ts';

const FILES = 200;
const LEAST_RATIO = { ja: 0.8, zh: 0.4, yue: 0.55, ko: 1 } as const;

export const LYRICS_CHECKS: readonly Check[] = [
  ...LANGUAGES.map((language) => ({
    name: `romanisation, ${language}: lines a CPU second, of the bare library's`,
    limit: { least: LEAST_RATIO[language] },
    reason:
      'about half of what was measured when the limit was set: 1.5 in ja, 0.7 to 0.9 in zh, 1.1 in yue, 2.1 in ko',
    look: 'npm run bench -- romanisation; node --cpu-prof eval/romanisation.ts',
    async measure(): Promise<number> {
      const sides = await romanisationSides({ language, form: 'song', files: FILES });
      try {
        const rounds = await pairedRounds<SideFigures>({ ...sides, rounds: 3, warmUp: true });
        return medianRatio(rounds, ({ lines, cpuSeconds }) => lines / cpuSeconds).median;
      } finally {
        await sides.close();
      }
    },
  })),
  {
    name: 'worker: heap bytes allocated a track of lyrics',
    limit: { most: 600_000 },
    reason: 'it was 398,000 when the limit was set: nearly all of it the words of 40 lines',
    look: 'src/worker/track-pipeline.ts and part.ts: what a track takes beside its algorithms',
    measure: allocatedByWorker,
  },
];

/** Tracks of Korean lyrics, which take their algorithm least: fetched, worked, and made lines of a part. */
async function allocatedByWorker(scratch: string): Promise<number> {
  const folder = join(scratch, 'lyrics');
  await mkdir(folder);
  const algorithms = selectAlgorithms(['romanisation']);
  const columns = new Map(algorithms.map(({ name, columns: declared }) => [name, declared]));
  const pipeline = new TrackPipeline({
    base: folder,
    maxSourceBytes: 2 ** 30,
    maxDurationSeconds: 3600,
    scratchDirectory: scratch,
    openSources: () => Promise.reject(new Error('no track of this check is in S3')),
    storeRendition: () => Promise.reject(new Error('no track of this check is encoded')),
  });
  const { signal } = new AbortController();
  const work = async (row: number): Promise<number> => {
    const lyricsUri = `${row}.lrc`;
    const trackId = `track-${row}`;
    const track = {
      trackId,
      audioUri: 'none.flac',
      durationSeconds: 240,
      lyricsUri,
      language: 'ko',
      extra: {},
    };
    const sources = await pipeline.fetch(track, algorithms, signal);
    const outcomes = await pipeline.work(track, algorithms, sources, signal);
    await sources.release();
    return encodeLine(columns, { row, trackId, outcomes }).length;
  };
  for (let row = 0; row < FILES; row += 1) {
    await writeFile(join(folder, `${row}.lrc`), makeLyrics('ko', 'song', row));
  }
  await work(0);
  const bytes = await allocatedBytes(async () => {
    for (let row = 0; row < FILES; row += 1) await work(row);
  });
  return bytes / FILES;
}
