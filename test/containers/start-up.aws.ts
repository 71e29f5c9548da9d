import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Target, hasEngine, startContainer } from './docker.ts';
import { planShard } from '../end-to-end/waiting-shard.ts';

const SAMPLE = fileURLToPath(new URL('../../manifests/sample', import.meta.url));
const [AUDIO, LYRICS] = ['inst-doors-close.wav', 'ko-bom-ui-golmok.lrc'];
const REPEATS = 3;
const LOOK_EVERY_MS = 2;

describe.runIf(hasEngine)('from docker run to the first track', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backfill-test-'));
    await copyFile(join(SAMPLE, 'audio', AUDIO), join(folder, AUDIO));
    await copyFile(join(SAMPLE, 'lyrics', LYRICS), join(folder, LYRICS));
    const row = `doors,${AUDIO},${LYRICS}`;
    await writeFile(join(folder, 'manifest.csv'), `track_id,audio_uri,lyrics_uri\n${row}\n`);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each(['fingerprint', 'chorus', 'pitch', 'romanisation', 'transcode', 'all'] as const)(
    'the worker of %s gets there, every time',
    async (target) => {
      const seconds: number[] = [];
      for (let i = 0; i < REPEATS; i++) seconds.push(await secondsToFirstTrack(target));
      const median = seconds.toSorted((a, b) => a - b)[Math.floor(REPEATS / 2)] as number;
      // For the table of jobdefs/README.md.
      process.stderr.write(
        `${target}: ${median.toFixed(2)} s of ${seconds.map((s) => s.toFixed(2)).join(', ')}\n`,
      );
    },
  );

  /** Until the worker has taken its shard: what it does next is to start the shard's first track. */
  async function secondsToFirstTrack(target: Target): Promise<number> {
    const names = target === 'all' ? ['fingerprint', 'chorus', 'pitch', 'romanisation'] : [target];
    const shard = await planShard(folder, join(folder, 'manifest.csv'), names);
    const started = performance.now();
    const worker = startContainer(target, ['worker', shard.submission, '--scratch', '/scratch'], [folder]);
    const state = { over: false };
    void worker.ended.finally(() => (state.over = true));
    while (!state.over && (await shard.checkpoint()) === undefined) await delay(LOOK_EVERY_MS);
    const seconds = (performance.now() - started) / 1000;
    const { code, stderr } = await worker.ended;
    expect(code, stderr).toBe(0);
    return seconds;
  }
});
