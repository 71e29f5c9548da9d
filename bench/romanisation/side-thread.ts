/** One side: at each message it romanises all its files, and answers with what that took. */
import { parentPort, workerData } from 'node:worker_threads';
import { romanisation } from '../../src/algorithms/romanisation/romanisation.ts';
import { loadLibrary, loopOver } from './libraries.ts';
import { makeLyrics } from './lyrics.ts';
import type { SideFigures, SideTask } from './sides.ts';

const { side, language, form, files } = workerData as SideTask;
const lyrics = Array.from({ length: files }, (_, seed) => makeLyrics(language, form, seed));
const romanise = side === 'ours' ? ours() : await peer();
await romanise(lyrics.slice(0, 1));

parentPort?.on('message', () => void measure());
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage('ready');

async function measure(): Promise<void> {
  const before = process.cpuUsage();
  const lines = await romanise(lyrics);
  const { user, system } = process.cpuUsage(before);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage({ lines, cpuSeconds: (user + system) / 1e6 } satisfies SideFigures);
}

type Romanise = (songs: readonly Uint8Array[]) => Promise<number>;

function ours(): Romanise {
  const { signal } = new AbortController();
  return async (songs) => {
    let lines = 0;
    for (const bytes of songs) {
      const row = await romanisation.run({ bytes, language, signal });
      lines += (row['lines'] as readonly unknown[]).length;
    }
    return lines;
  };
}

async function peer(): Promise<Romanise> {
  const library = await loadLibrary(language);
  return async (songs) => songs.reduce((lines, bytes) => lines + loopOver(bytes, library), 0);
}
