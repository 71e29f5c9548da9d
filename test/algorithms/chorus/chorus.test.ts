import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chorus } from '../../../src/algorithms/chorus/chorus.ts';
import { analyse, type ChorusRow } from './analyse.ts';
import { type Metre, type SyntheticSection, synthesise, wander } from './synthetic-song.ts';
import { numRuns } from '../../property-settings.ts';

const run = promisify(execFile);
const SAMPLE_AUDIO = join(import.meta.dirname, '..', '..', '..', 'manifests', 'sample', 'audio');

const intro: SyntheticSection = { bars: 4, tune: 1, text: 1, level: 0.3, drums: false };
const verse = (text: number): SyntheticSection => ({ bars: 8, tune: 2, text, level: 0.4, drums: true });
const refrain: SyntheticSection = { bars: 8, tune: 3, text: 10, level: 0.9, drums: true };
const bridge: SyntheticSection = { bars: 4, tune: 4, text: 11, level: 0.4, drums: false };
/** Choruses at 24, 56 and 80 s, 16 s each; verses at 8 and 40 s. */
const song = synthesise([intro, verse(2), refrain, verse(3), refrain, bridge, refrain]);
const choruses = [24, 56, 80];

describe('a song with verses and choruses', async () => {
  const row = await analyse(song);

  it('has its excerpt start at a chorus, no more than a bar ahead, and lie in it', () => {
    const start = choruses.find((time) => row.start_s > time - 2.5 && row.start_s < time + 0.5);
    expect(start, `started at ${row.start_s}`).toBeDefined();
    const inside = Math.min(row.end_s, (start as number) + 16) - Math.max(row.start_s, start as number);
    expect(inside / (row.end_s - row.start_s)).toBeGreaterThan(0.75);
  });

  it('has every chorus and both verses among its sections', () => {
    const starts = (label: string) => row.sections.filter((s) => s.label === label).map((s) => s.start_s);
    const found = starts('chorus');
    expect(found).toHaveLength(3);
    for (const [i, time] of choruses.entries()) expect(Math.abs((found[i] as number) - time)).toBeLessThan(1);
    const verses = row.sections.filter((s) => s.label !== 'chorus');
    expect(verses.some((s) => s.start_s < 14 && s.end_s > 18)).toBe(true);
    expect(verses.some((s) => s.start_s < 46 && s.end_s > 50)).toBe(true);
  });

  it('is told with confidence', () => {
    expect(row.confidence).toBeGreaterThan(0.6);
  });

  it('starts with a line whose words come back, where the words are known', async () => {
    const verses = '[00:08.50]one way\n[00:16.00]out of here\n[00:40.50]no word\n[00:48.00]of yours\n';
    const refrains = ['00:25.30', '00:57.30', '01:21.30'].map(
      (time) =>
        `[${time}]carry me over the river\n[${time.slice(0, 3)}${Number(time.slice(3, 5)) + 8}.00]until dawn\n`,
    );
    const sung = await analyse(song, [8192], 1, `${verses}${refrains.join('')}[01:36.00]\n`);
    expect([23.8, 55.8, 79.8]).toContain(sung.start_s);
    expect([40, 72, 96]).toContain(Math.round(sung.end_s));
    expect(sung.by_lyrics).toBe(true);
    expect(sung.confidence).toBeGreaterThanOrEqual(row.confidence);
    expect(row.by_lyrics).toBe(false);
  });

  it('starts with the line that starts near, where no words come back', async () => {
    const heard = row.start_s + 1.5;
    const stamp = (seconds: number): string =>
      `[${String(Math.floor(seconds / 60)).padStart(2, '0')}:${(seconds % 60).toFixed(2).padStart(5, '0')}]`;
    const lyrics = `[00:01.00]far away\n${stamp(heard - 1)}something new\n${stamp(heard + 9)}again\n`;
    const sung = await analyse(song, [8192], 1, lyrics);
    expect(sung.start_s).toBeCloseTo(heard - 1 - 1.5, 1);
    expect(sung).toMatchObject({ by_lyrics: true, end_s: row.end_s });
  });

  it('is heard alone where lyrics have no times', async () => {
    expect(await analyse(song, [8192], 1, 'one way\ncarry me over\ncarry me over\n')).toEqual(row);
  });

  it('gives the same row however its samples are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 8 }),
        async (chunks) => {
          expect(await analyse(song.subarray(0, 40 * 32_000), chunks)).toEqual(
            await analyse(song.subarray(0, 40 * 32_000)),
          );
        },
      ),
      { numRuns: numRuns(6) },
    );
  });

  it('gives the same row whichever tracks are analysed at the same time', async () => {
    const rows = await Promise.all([analyse(song, [16_000]), analyse(wander(20, 5), [1000]), analyse(song)]);
    expect(rows[0]).toEqual(row);
    expect(rows[2]).toEqual(row);
  });

  it('is presented as plain JSON with three decimals', () => {
    const shown = chorus.present(row);
    expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
    expect(Object.keys(shown)).toEqual(['start_s', 'end_s', 'confidence', 'by_lyrics', 'sections']);
    for (const value of [shown.start_s, shown.end_s, shown.confidence]) {
      expect(Math.round((value as number) * 1000) / 1000).toBe(value);
    }
  });
});

/** Where sections of that label start, to half a second. */
function startsOf(row: ChorusRow, label: string): number[] {
  return row.sections.filter((s) => s.label === label).map((s) => Math.round(2 * s.start_s) / 2);
}

describe('a song whose last chorus is lifted', () => {
  it.each([1, 2, 3])('by %i semitones has it among its choruses', async (lift) => {
    const lifted = synthesise([intro, verse(2), refrain, verse(3), refrain, bridge, { ...refrain, lift }]);
    expect(startsOf(await analyse(lifted), 'chorus')).toEqual(choruses);
  });

  it('twice has all of them', async () => {
    const twice = [
      intro,
      verse(2),
      refrain,
      verse(3),
      { ...refrain, lift: 1 },
      bridge,
      { ...refrain, lift: 3 },
    ];
    expect(startsOf(await analyse(synthesise(twice)), 'chorus')).toEqual(choruses);
  });
});

describe('a song in another metre', () => {
  const form = [intro, verse(2), refrain, verse(3), refrain, bridge, refrain];
  it.each<[string, Metre]>([
    ['three beats a bar', { beatsPerBar: 3 }],
    ['at 96 beats a minute', { beatSeconds: 0.625 }],
    ['at 140 beats a minute', { beatSeconds: 0.43 }],
  ])('%s has its excerpt start within 3 s of a chorus', async (_name, metre) => {
    const row = await analyse(synthesise(form, metre));
    const bar = (metre.beatSeconds ?? 0.5) * (metre.beatsPerBar ?? 4);
    const starts = [12, 28, 40].map((bars) => bars * bar);
    const distance = Math.min(...starts.map((start) => Math.abs(row.start_s - start)));
    expect(distance, `started at ${row.start_s}, choruses at ${starts.join(', ')}`).toBeLessThan(3);
  });
});

describe('songs of a minute, with choruses shorter than previews', () => {
  it.each(['ja-yoake-no-eki.mp3', 'zh-zhi-feiji.ogg', 'yue-hoi-pong-dang-fo.ogg'])(
    '%s has its excerpt in what comes back, not in what is merely well placed',
    async (file) => {
      const { stdout } = await run(
        'ffmpeg',
        ['-v', 'error', '-i', join(SAMPLE_AUDIO, file), '-f', 'f32le', '-ar', '16000', '-ac', '2', '-'],
        { encoding: 'buffer', maxBuffer: 2 ** 30 },
      );
      const samples = new Float32Array(
        stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length),
      );
      const row = await analyse(samples);
      expect(row.confidence).toBeGreaterThan(0.3);
      const chorusSeconds = row.sections
        .filter(({ label }) => label === 'chorus')
        .map(({ start_s, end_s }) => Math.min(end_s, row.end_s) - Math.max(start_s, row.start_s))
        .filter((seconds) => seconds > 0)
        .reduce((sum, seconds) => sum + seconds, 0);
      expect(chorusSeconds / (row.end_s - row.start_s)).toBeGreaterThan(0.8);
    },
  );
});

describe('other input', () => {
  it('is a mix of songs: the excerpt is well formed, and what comes back lies within one of them', async () => {
    const mix = [1, 2, 3].flatMap((song) => {
      const part = (tune: number, level: number): SyntheticSection => ({
        bars: 8,
        tune: 100 * song + tune,
        text: 100 * song + tune,
        level,
        drums: true,
      });
      return [part(1, 0.4), part(2, 0.9), part(3, 0.4), part(2, 0.9)];
    });
    const row = await analyse(synthesise(mix));
    expectWellFormed(row, 192);
    const found = startsOf(row, 'chorus');
    expect(found).toHaveLength(2);
    expect((found[1] as number) - (found[0] as number)).toBe(32);
  });

  it('has little confidence where nothing comes back, and still a valid excerpt', async () => {
    const row = await analyse(wander(120, 7));
    expect(row.confidence).toBeLessThan(0.3);
    expectWellFormed(row, 120);
    expect(row.end_s - row.start_s).toBeGreaterThanOrEqual(10);
  });

  it('is taken whole where it is too short for an excerpt', async () => {
    const row = await analyse(wander(6, 1));
    expect(row).toEqual({ start_s: 0, end_s: 6, confidence: 0, by_lyrics: false, sections: [] });
  });

  it('works on 30 s', async () => {
    const row = await analyse(song.subarray(0, 30 * 32_000));
    expectWellFormed(row, 30);
    expect(row.end_s - row.start_s).toBeGreaterThanOrEqual(10);
  });

  it('takes a steady tone, noise, and clicks in silence for nothing that comes back', async () => {
    const tone = Float32Array.from({ length: 60 * 32_000 }, (_, i) => Math.sin((i >> 1) * 0.1));
    const clicks = new Float32Array(60 * 32_000);
    for (const [i, value] of wander(60, 11).entries()) if (i % 45_678 < 40) clicks[i] = value;
    for (const samples of [tone, clicks]) {
      const row = await analyse(samples);
      expectWellFormed(row, 60);
      expect(row.confidence).toBeLessThan(0.3);
    }
    const noise = wander(40, 3).map((value) => Math.sign(value));
    expectWellFormed(await analyse(noise), 40);
  });

  it('works on an hour', async () => {
    const times = 38;
    const row = await analyse(song, [32_768], times);
    expectWellFormed(row, (times * song.length) / 32_000);
    expect(row.confidence).toBeGreaterThan(0.5);
  });

  it('gives well-formed sections whatever the song', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            bars: fc.integer({ min: 1, max: 8 }),
            tune: fc.integer({ min: 0, max: 3 }),
            text: fc.integer({ min: 0, max: 3 }),
            level: fc.double({ min: 0.01, max: 1, noNaN: true }),
            drums: fc.boolean(),
          }),
          { minLength: 3, maxLength: 8 },
        ),
        async (sections) => {
          const samples = synthesise(sections);
          expectWellFormed(await analyse(samples), samples.length / 32_000);
        },
      ),
      { numRuns: numRuns(8) },
    );
  });
});

function expectWellFormed(row: ChorusRow, duration: number): void {
  expect(row.start_s).toBeGreaterThanOrEqual(0);
  expect(row.end_s).toBeLessThanOrEqual(duration);
  expect(row.end_s - row.start_s).toBeGreaterThanOrEqual(Math.min(10, duration) - 0.001);
  expect(row.end_s - row.start_s).toBeLessThanOrEqual(30);
  expect(row.confidence).toBeGreaterThanOrEqual(0);
  expect(row.confidence).toBeLessThanOrEqual(1);
  let last = 0;
  for (const section of row.sections) {
    expect(section.label).toMatch(/^(chorus|[A-Z]+)$/);
    expect(section.start_s).toBeGreaterThanOrEqual(last);
    expect(section.end_s).toBeGreaterThan(section.start_s);
    last = section.end_s;
  }
  expect(last).toBeLessThanOrEqual(duration);
}
