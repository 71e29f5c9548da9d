import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../../src/results/columns.ts';
import { bitErrorRate } from '../../../src/algorithms/fingerprint/bit-errors.ts';
import { decompressFingerprint } from '../../../src/algorithms/fingerprint/chromaprint.ts';
import { matchFingerprints } from '../../../src/algorithms/fingerprint/match-fingerprints.ts';
import { fingerprint } from '../../../src/algorithms/fingerprint/fingerprint.ts';
import { runMediaPass } from '../../../src/audio/media-pass.ts';
import { probe } from '../../../src/audio/probe.ts';
import { encode, run, writeMusic } from '../../audio/make-audio.ts';
import { scratchFolder } from '../../audio/scratch.ts';

const folder = scratchFolder();
const { signal } = new AbortController();
let music: string;

beforeAll(async () => {
  music = await writeMusic(join(folder, 'music.wav'), { seconds: 20 });
});

/** The row that a track gets. */
async function analyse(path: string): Promise<Row> {
  if (fingerprint.input.kind !== 'samples') throw new Error('fingerprint takes samples');
  const source = await probe(path, { signal });
  const analysis = await fingerprint.open({ trackId: path, language: undefined, source, signal });
  try {
    const { format, maxSeconds } = fingerprint.input;
    const audio = await runMediaPass({
      path,
      source,
      sinks: [
        {
          format,
          ...(maxSeconds === undefined ? {} : { maxSeconds }),
          write: (samples) => analysis.write(samples),
        },
      ],
      encodings: [],
      scratchDirectory: folder,
      maxDurationSeconds: 3600,
      timeoutSeconds: 60,
      signal,
    });
    return await analysis.finish(audio);
  } finally {
    await analysis.close?.();
  }
}

async function codesOf(path: string): Promise<Uint32Array> {
  return decompressFingerprint((await analyse(path)).fingerprint as Uint8Array).codes;
}

/** What fpcalc prints for a file; where that is shorter than 120 s it exits with 3 besides. */
async function fpcalc(...args: string[]): Promise<string> {
  return (await run('sh', '-c', 'fpcalc "$@" 2>/dev/null; true', 'sh', '-plain', ...args)).trim();
}

describe('a fingerprint is the one that fpcalc makes of the file', () => {
  it.each([
    ['mp3', ['-b:a', '128k']],
    ['ogg', ['-c:a', 'libvorbis']],
    ['flac', []],
    ['m4a', ['-c:a', 'aac']],
    ['opus', ['-c:a', 'libopus']],
    ['wav', ['-ac', '1']],
    ['wav', ['-ar', '22050']],
    ['flac', ['-ar', '48000', '-sample_fmt', 's32']],
    ['mp3', ['-ar', '22050', '-ac', '1']],
  ])('%s %j', async (extension, options) => {
    const path = await encode(folder, music, `same.${extension}`, ...options);
    const row = await analyse(path);
    expect(fingerprint.present(row).fingerprint).toBe(await fpcalc(path));
    expect(row.duration_s).toBeCloseTo(20, 1);
  });

  it('and of no more than 120 s, with the length of all', async () => {
    const long = await encode(
      folder,
      music,
      'long.flac',
      '-af',
      'aloop=loop=7:size=882000,volume=1+0.3*sin(t/7):eval=frame',
    );
    const row = await analyse(long);
    expect(fingerprint.present(row)).toEqual({ fingerprint: await fpcalc(long), duration_s: 160 });
  });
});

describe('how alike recordings are', () => {
  it.each([
    ['mp3', ['-b:a', '64k']],
    ['opus', ['-c:a', 'libopus', '-b:a', '32k']],
    ['m4a', ['-c:a', 'aac', '-b:a', '48k']],
  ])('one encoded anew as %s %j differs in less than 5 % of its bits', async (extension, options) => {
    const again = await encode(folder, music, `again.${extension}`, ...options);
    expect(bitErrorRate(await codesOf(music), await codesOf(again))).toBeLessThan(0.05);
  });

  it('different ones differ in more than 40 %', async () => {
    const other = await writeMusic(join(folder, 'other.wav'), { seconds: 20, seed: 7 });
    expect(bitErrorRate(await codesOf(music), await codesOf(other))).toBeGreaterThan(0.4);
  });

  it('one cut at its beginning and encoded anew is found, with where it begins', async () => {
    const cut = await encode(folder, music, 'cut.mp3', '-ss', '5', '-b:a', '64k');
    const { verdict, offsetSeconds, overlapSeconds } = matchFingerprints(
      await codesOf(music),
      await codesOf(cut),
    );
    expect(verdict).toBe('same');
    expect(Math.abs(offsetSeconds - 5)).toBeLessThan(0.13);
    expect(Math.abs(overlapSeconds - 15)).toBeLessThan(0.5);
  });
});

describe('compressed fingerprints', () => {
  it('hold the codes that fpcalc prints raw', async () => {
    const compressed = Buffer.from(await fpcalc(music), 'base64url');
    const { algorithm, codes } = decompressFingerprint(compressed);
    expect(algorithm).toBe(2);
    expect([...codes].join(',')).toBe(await fpcalc('-raw', music));
  });

  it('that are cut or are none are refused, never misread for long', () => {
    expect(() => decompressFingerprint(new Uint8Array([1, 0]))).toThrow(RangeError);
    expect(() => decompressFingerprint(new Uint8Array([1, 255, 255, 255, 0]))).toThrow(RangeError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decompressOrRefuse(bytes)).toBeLessThan(3 * 200);
      }),
    );
  });
});

it('audio too short for a single code is told', async () => {
  const brief = await encode(folder, music, 'brief.wav', '-t', '1');
  await expect(analyse(brief)).rejects.toMatchObject({ code: 'too-short' });
});

it('least audio that is asked for gives a fingerprint', async () => {
  if (fingerprint.input.kind !== 'samples') throw new Error('fingerprint takes samples');
  const brief = await encode(folder, music, 'least.wav', '-t', String(fingerprint.input.minSeconds));
  expect((await codesOf(brief)).length).toBeGreaterThanOrEqual(1);
});

/** How many codes there are; -1 where the bytes are refused. Anything else that is thrown is a fault. */
function decompressOrRefuse(bytes: Uint8Array): number {
  try {
    return decompressFingerprint(bytes).codes.length;
  } catch (error) {
    if (error instanceof RangeError) return -1;
    throw error;
  }
}
