/** Encodes a file as a worker does, for tests that look at what comes of it. */
import { mkdtemp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Encoding } from '../../../src/algorithms/algorithm.ts';
import { LADDER_PRESETS, type Ladder } from '../../../src/algorithms/transcode/ladder.ts';
import { createTranscode } from '../../../src/algorithms/transcode/transcode.ts';
import { type MediaPassResult, runMediaPass } from '../../../src/audio/media-pass.ts';
import { type ProbedSource, probe } from '../../../src/audio/probe.ts';
import type { JsonRow } from '../../../src/results/columns.ts';

export const RENDITIONS: Record<'aac-96' | 'aac-256' | 'mp3-128' | 'mp3-320' | 'opus-96' | 'flac', Encoding> =
  Object.fromEntries(LADDER_PRESETS.full.map((encoding) => [encoding.name, encoding])) as Record<
    'aac-96' | 'aac-256' | 'mp3-128' | 'mp3-320' | 'opus-96' | 'flac',
    Encoding
  >;

/** The files come into a folder beside `path`. */
export async function encodeAll(
  path: string,
  ladder: Ladder,
): Promise<MediaPassResult & { readonly row: JsonRow; readonly source: ProbedSource }> {
  const { signal } = new AbortController();
  const source = await probe(path, { signal });
  const algorithm = createTranscode(ladder);
  const result = await runMediaPass({
    path,
    source,
    sinks: [],
    encodings: algorithm.encodings(source),
    scratchDirectory: await mkdtemp(join(dirname(path), 'pass-')),
    maxDurationSeconds: 3600,
    timeoutSeconds: 100,
    signal,
  });
  if (result.loudness === undefined) throw new Error('loudness was not measured');
  const row = algorithm.finish({
    track: { trackId: path, language: undefined, source, signal },
    renditions: result.encoded.map((file) => ({ ...file, uri: `s3://media/${basename(file.path)}` })),
    loudness: result.loudness,
  });
  return { ...result, source, row: algorithm.present(row) };
}

/** One rendition's file. */
export async function encodeOne(path: string, name: keyof typeof RENDITIONS): Promise<string> {
  const { encoded } = await encodeAll(path, [RENDITIONS[name]]);
  return encoded[0]?.path ?? '';
}
