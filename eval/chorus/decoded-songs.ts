/** Labelled songs as samples, for fitting: chorus-weights.ts takes features of them again and again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SampleAlgorithm } from '../../src/algorithms/algorithm.ts';
import { chorus } from '../../src/algorithms/chorus/chorus.ts';
import { findMaterial } from '../data/material.ts';
import { refrains } from '../data/refrains.ts';
import { Synthesiser } from '../data/synthesiser.ts';
import type { LabelledSection } from '../data/truth.ts';
import { work } from '../harness/work.ts';
import type { Span } from '../scores/excerpt.ts';

/** Songs with a chorus: where it is sung, from its first repeated line on. */
export async function* sungSongs(
  data: string,
): AsyncGenerator<{ readonly samples: Float32Array; readonly refrains: readonly Span[] }> {
  const { sungSongs: songs } = await findMaterial(data);
  for (const { audio, truth } of songs) {
    yield { samples: await decodeSamples(audio), refrains: refrains(truth) };
  }
}

/** Songs with sections, by annotator. @throws Unavailable where they can not be rendered here */
export async function* renderedSongs(data: string): AsyncGenerator<{
  readonly samples: Float32Array;
  readonly annotations: readonly (readonly LabelledSection[])[];
}> {
  const { midiSongs } = await findMaterial(data);
  const scratch = await mkdtemp(join(tmpdir(), 'backfill-eval-songs-'));
  try {
    const synthesiser = await Synthesiser.find(scratch);
    for await (const { song, audio } of synthesiser.render(midiSongs)) {
      yield { samples: await decodeSamples(audio), annotations: song.truth.annotations };
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** All samples of a file, as the chorus algorithm gets them: interleaved. @throws Error where it can not be decoded */
async function decodeSamples(path: string): Promise<Float32Array> {
  const chunks: Float32Array[] = [];
  const collect: SampleAlgorithm = {
    ...chorus,
    open: () => ({ write: (samples) => void chunks.push(Float32Array.from(samples)), finish: () => ({}) }),
  };
  const { failures } = await work(path, [collect], {
    scratch: tmpdir(),
    signal: new AbortController().signal,
  });
  if (failures.length > 0) throw new Error(`${path} can not be decoded: ${failures.join('; ')}`);
  const samples = new Float32Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    samples.set(chunk, at);
    at += chunk.length;
  }
  return samples;
}
