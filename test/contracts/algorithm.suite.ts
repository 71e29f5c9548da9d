import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithms/algorithm.ts';
import { FAILURE_CODES } from '../../src/failures.ts';
import type { Column, ColumnType, Row, Value } from '../../src/results/columns.ts';
import { decodeRow, encodeRow } from '../../src/results/stored-value.ts';
import { renditionFileName, TrackPipeline } from '../../src/worker/track-pipeline.ts';
import type { Outcome } from '../../src/worker/outcome.ts';
import { makeSong } from '../end-to-end/catalogue.ts';
import { encode } from '../audio/make-audio.ts';

/** Sources that every algorithm has to come to terms with: by a row, or by a failure that names them. */
const SOURCES: readonly {
  readonly name: string;
  readonly make: (song: string, path: string) => Promise<unknown>;
}[] = [
  { name: 'mono', make: (song, path) => convert(song, path, '-ac', '1') },
  { name: 'stereo', make: (song, path) => convert(song, path, '-ac', '2') },
  { name: '5.1', make: (song, path) => convert(song, path, '-ac', '6') },
  { name: '8 kHz', make: (song, path) => convert(song, path, '-ar', '8000') },
  { name: '96 kHz', make: (song, path) => convert(song, path, '-ar', '96000') },
  { name: 'clipping', make: (song, path) => convert(song, path, '-af', 'volume=30dB') },
  { name: 'silence', make: (song, path) => convert(song, path, '-af', 'volume=0') },
  { name: '0.2 s', make: (song, path) => convert(song, path, '-t', '0.2') },
];

const LYRICS = '[00:01.00]夜明けの駅で 君を呼ぶ\n[00:05.50]hello again\n[00:09.00]遠い海まで\n';

/** The contract of src/algorithms/algorithm.ts, as every algorithm has to keep it, driven as a worker drives it. */
export function algorithmSuite(algorithm: Algorithm, others: readonly Algorithm[]): void {
  describe(`algorithm: ${algorithm.name}`, () => {
    let folder: string;
    let pipeline: TrackPipeline;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'algorithm-'));
      await makeSong(join(folder, 'song.wav'), 3, 14);
      // Ogg declares its duration to the sample, the decoder counts: where they differ is where rows may.
      await convert(join(folder, 'song.wav'), join(folder, 'song.ogg'), '-ar', '44100', '-c:a', 'libvorbis');
      await writeFile(join(folder, 'lyrics.lrc'), LYRICS);
      for (const { name, make } of SOURCES) await make(join(folder, 'song.wav'), join(folder, `${name}.wav`));
      pipeline = new TrackPipeline({
        base: folder,
        maxSourceBytes: 2 ** 30,
        maxDurationSeconds: 3600,
        scratchDirectory: folder,
        openSources: () => Promise.reject(new Error('there are no sources in S3 here')),
        storeRendition: async ({ file }) => {
          expect((await readFile(file.path)).length).toBe(file.bytes);
          return `memory://store/${renditionFileName(file)}`;
        },
      });
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('has a name, a version and columns that keys and tables can hold', () => {
      expect(algorithm.name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(algorithm.version).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
      expect(algorithm.summary).not.toBe('');
      expect(algorithm.cost.perTrackSeconds + algorithm.cost.perAudioSecond).toBeGreaterThan(0);
      const names = algorithm.columns.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(names).not.toContain('track_id');
    });

    it.each(SOURCES.map(({ name }) => name))('gives a row or a reason: %s', async (name) => {
      const outcome = await work(name, [algorithm]);
      if (outcome.kind === 'failed') {
        expect(FAILURE_CODES).toContain(outcome.code);
        expect(outcome.code, outcome.message).not.toBe('algorithm-error');
        expect(outcome.message).not.toContain(folder);
        return;
      }
      assertRow(algorithm.columns, outcome.row);
      expect(decodeRow(algorithm.columns, encodeRow(algorithm.columns, outcome.row))).toEqual(outcome.row);
      const presented = algorithm.present(outcome.row);
      // JSON has no NaN and no bytes: what is presented is what is printed.
      expect(JSON.parse(JSON.stringify(presented))).toEqual(presented);
    });

    it('gives a row for an ordinary track', async () => {
      expect((await work('stereo', [algorithm])).kind).toBe('succeeded');
    });

    it('gives the same row whatever runs beside it, and again', async () => {
      const alone = await work('song.ogg', [algorithm]);
      expect(await work('song.ogg', [algorithm])).toEqual(alone);
      const all = [...others, algorithm].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      expect(await work('song.ogg', all)).toEqual(alone);
    });

    it('ends at once when it is told to', async () => {
      const reason = new Error('draining');
      const early = AbortSignal.abort(reason);
      await expect(work('stereo', [algorithm], early)).rejects.toBe(reason);
      const controller = new AbortController();
      const working = work('stereo', [algorithm], controller.signal);
      controller.abort(reason);
      await expect(working).rejects.toBe(reason);
      // Whatever it had started is gone: the next track comes out as ever.
      expect((await work('mono', [algorithm])).kind).toBe('succeeded');
    });

    async function work(
      source: string,
      algorithms: readonly Algorithm[],
      signal?: AbortSignal,
    ): Promise<Outcome> {
      const track = {
        trackId: source,
        audioUri: source.endsWith('.ogg') ? source : `${source}.wav`,
        durationSeconds: undefined,
        lyricsUri: 'lyrics.lrc',
        language: 'ja',
        extra: {},
      };
      const sources = await pipeline.fetch(track, algorithms, new AbortController().signal);
      const outcomes = await pipeline.work(
        track,
        algorithms,
        sources,
        signal ?? new AbortController().signal,
      );
      const outcome = outcomes.find((candidate) => candidate.algorithm === algorithm.name);
      if (outcome === undefined) throw new Error('no outcome');
      return outcome;
    }
  });
}

function convert(song: string, path: string, ...options: readonly string[]): Promise<string> {
  return encode('', song, path, ...options);
}

/** Every declared column is there, with a value of its type, and nothing else is. */
function assertRow(columns: readonly Column[], row: Row): void {
  expect(Object.keys(row).toSorted()).toEqual(columns.map(({ name }) => name).toSorted());
  for (const { name, type, nullable } of columns) {
    const value = row[name] as Value;
    if (value === null) expect(nullable, `${name} is null`).toBe(true);
    else assertValue(name, type, value);
  }
}

function assertValue(name: string, type: ColumnType, value: Value): void {
  if (typeof type === 'object') {
    if ('struct' in type) return assertRow(type.struct, value as Row);
    if (type.list === 'int16') return expect(value, name).toBeInstanceOf(Int16Array);
    expect(Array.isArray(value), name).toBe(true);
    for (const element of value as readonly Value[]) assertValue(name, type.list, element);
    return;
  }
  if (type === 'bytes') expect(value, name).toBeInstanceOf(Uint8Array);
  else if (type === 'string' || type === 'boolean') expect(typeof value, name).toBe(type);
  else if (type === 'double' || type === 'float') expect(value, name).toSatisfy(Number.isFinite);
  else expect(value, name).toSatisfy(Number.isSafeInteger);
}
