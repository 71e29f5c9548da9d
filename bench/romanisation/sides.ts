/** Both sides over the same files, each in a thread of its own: neither finds code that was optimised for the other. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LyricsLanguage, SongForm } from './lyrics.ts';

/** Lines, and the CPU seconds (of all of the process's threads) that they took. */
export interface SideFigures {
  readonly lines: number;
  readonly cpuSeconds: number;
}

/** What a thread is told. */
export interface SideTask {
  readonly side: 'ours' | 'peer';
  readonly language: LyricsLanguage;
  readonly form: SongForm;
  readonly files: number;
}

export interface RomanisationSides {
  ours(): Promise<SideFigures>;
  peer(): Promise<SideFigures>;
  close(): Promise<void>;
}

/** `files` files of one language, to be romanised by either side as often as one likes. Dictionaries are loaded. */
export async function romanisationSides(task: Omit<SideTask, 'side'>): Promise<RomanisationSides> {
  const [ours, peer] = await Promise.all([
    start({ ...task, side: 'ours' }),
    start({ ...task, side: 'peer' }),
  ]);
  return {
    ours: () => ask(ours),
    peer: () => ask(peer),
    close: async () => {
      await Promise.all([ours.terminate(), peer.terminate()]);
    },
  };
}

async function start(task: SideTask): Promise<Worker> {
  const thread = new Worker(new URL('side-thread.ts', import.meta.url), { workerData: task });
  // It says when its dictionary is there.
  await once(thread, 'message');
  return thread;
}

async function ask(thread: Worker): Promise<SideFigures> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  thread.postMessage('go');
  const [figures] = (await once(thread, 'message')) as [SideFigures];
  return figures;
}
