import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Encoding, SampleFormat } from '../../src/algorithms/algorithm.ts';
import {
  type MediaPassOptions,
  type MediaPassResult,
  runMediaPass,
  type SampleSink,
} from '../../src/audio/media-pass.ts';
import { probe } from '../../src/audio/probe.ts';
import { decode, encode, writeMusic } from './make-audio.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
const S16: SampleFormat = { encoding: 's16', sampleRate: 'source', channels: 'source' };
const F32_MONO: SampleFormat = { encoding: 'f32', sampleRate: 22050, channels: 1 };
const FLAC: Encoding = { name: 'flac', codec: 'flac', container: 'flac', bitrate: undefined };
let music: string;
let mp3: string;
let flac: string;

beforeAll(async () => {
  music = await writeMusic(join(folder, 'music.wav'), { seconds: 12 });
  mp3 = await encode(folder, music, 'music.mp3', '-b:a', '128k');
  flac = await encode(folder, music, 'music.flac');
});

async function pass(path: string, options: Partial<MediaPassOptions> = {}): Promise<MediaPassResult> {
  const signal = new AbortController().signal;
  return runMediaPass({
    path,
    source: await probe(path, { signal }),
    sinks: [],
    encodings: [],
    scratchDirectory: folder,
    maxDurationSeconds: 3600,
    timeoutSeconds: 60,
    signal,
    ...options,
  });
}

/** A sink that keeps all that it is given. */
function collector(
  format: SampleFormat,
  maxSeconds?: number,
): SampleSink & { readonly samples: number[]; largest: number } {
  const samples: number[] = [];
  return {
    format,
    ...(maxSeconds === undefined ? {} : { maxSeconds }),
    samples,
    largest: 0,
    write(chunk) {
      this.largest = Math.max(this.largest, chunk.length);
      for (const sample of chunk) samples.push(sample);
    },
  };
}

describe('samples', () => {
  it('are those that a player gets, to the last one, in blocks of tens of kilobytes', async () => {
    for (const path of [music, flac, mp3]) {
      const sink = collector(S16);
      const result = await pass(path, { sinks: [sink] });
      expect(sameSamples(sink.samples, await decode(path))).toBe(true);
      expect(result.durationSeconds).toBeCloseTo(12, 6);
      expect(sink.largest).toBeGreaterThan(10_000);
      expect(sink.largest).toBeLessThan(100_000);
    }
  });

  it('come in every format at once, each cut where its sink wants no more', async () => {
    const all = collector(F32_MONO);
    const [short, shorter] = [collector(S16, 5), collector(S16, 2.5)];
    const result = await pass(mp3, { sinks: [all, short, shorter] });
    expect(all.samples.length).toBe(12 * 22050);
    expect(short.samples.length).toBe(5 * 44100 * 2);
    expect(sameSamples(shorter.samples, short.samples.slice(0, 2.5 * 44100 * 2))).toBe(true);
    expect(result.durationSeconds).toBeCloseTo(12, 6);
  });

  it('mixed down are the mean of the channels, whatever the decoder gives', async () => {
    const [left, mono] = [
      collector({ ...S16, encoding: 'f32' }),
      collector({ ...S16, encoding: 'f32', channels: 1 }),
    ];
    await pass(music, { sinks: [left, mono] });
    const float = await encode(folder, music, 'float.wav', '-c:a', 'pcm_f32le');
    const fromFloat = collector({ ...S16, encoding: 'f32', channels: 1 });
    await pass(float, { sinks: [fromFloat] });
    for (let frame = 0; frame < mono.samples.length; frame += 997) {
      const mean = ((left.samples[2 * frame] ?? 0) + (left.samples[2 * frame + 1] ?? 0)) / 2;
      expect(mono.samples[frame]).toBeCloseTo(mean, 4);
      expect(fromFloat.samples[frame]).toBeCloseTo(mean, 4);
    }
  });

  it('of a beginning leave the rest undecoded, and the length is the declared one', async () => {
    const damagedLater = await readFile(flac);
    damagedLater.fill(0x55, damagedLater.length - 20_000);
    const path = join(folder, 'damaged-later.flac');
    await writeFile(path, damagedLater);
    const sink = collector(S16, 2);
    expect((await pass(path, { sinks: [sink] })).durationSeconds).toBe(12);
    expect(sink.samples.length).toBe(2 * 44100 * 2);
    await expect(pass(path, { sinks: [collector(S16)] })).rejects.toMatchObject({ code: 'decode-failed' });
  });

  it('are counted to the end where the container declares no length', async () => {
    const path = await encode(folder, music, 'headerless.mp3', '-write_xing', '0');
    expect((await pass(path, { sinks: [collector(S16, 2)] })).durationSeconds).toBeCloseTo(12, 1);
  });

  it('wait for a slow sink', async () => {
    let under = 0;
    let most = 0;
    const slow: SampleSink = {
      format: S16,
      async write() {
        most = Math.max(most, (under += 1));
        await new Promise((resolve) => setImmediate(resolve));
        under -= 1;
      },
    };
    const other = collector(F32_MONO);
    await pass(flac, { sinks: [slow, other] });
    expect(most).toBe(1);
    expect(other.samples.length).toBe(12 * 22050);
  });
});

it('tells the peak, and that of silence', async () => {
  const quiet = await writeMusic(join(folder, 'quiet.wav'), { seconds: 2, gain: 0.01 });
  const highest = (await decode(quiet)).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0) / 32768;
  const { peak } = await pass(quiet, { sinks: [collector(F32_MONO)] });
  expect(20 * Math.log10(peak)).toBeCloseTo(20 * Math.log10(highest), 0);
  const silence = await writeMusic(join(folder, 'silence.wav'), { seconds: 2, gain: 0 });
  expect((await pass(silence, { sinks: [collector(F32_MONO)] })).peak).toBe(0);
});

describe('damage', () => {
  it.each([
    ['flac', []],
    ['mp3', ['-b:a', '128k']],
    ['mka', ['-c:a', 'aac']],
    ['wv', ['-c:a', 'wavpack']],
  ])('%s cut short is told with its seconds', async (extension, options) => {
    const whole = await readFile(await encode(folder, music, `whole.${extension}`, ...options));
    const path = join(folder, `cut.${extension}`);
    await writeFile(path, whole.subarray(0, whole.length / 2));
    await expect(pass(path, { sinks: [collector(F32_MONO)] })).rejects.toMatchObject({
      code: 'decode-failed',
      message: expect.stringMatching(/^audio ends at [56]\.\d s of 12\.0 s declared: the file is cut short/),
    });
  });

  it('of one frame in an mp3 is borne, of many is not', async () => {
    const bytes = await readFile(mp3);
    const path = join(folder, 'scratched.mp3');
    bytes.fill(0x5a, 90_000, 90_200);
    await writeFile(path, bytes);
    expect((await pass(path, { sinks: [collector(F32_MONO)] })).durationSeconds).toBeCloseTo(12, 1);
    for (let at = 5000; at < bytes.length; at += 700) bytes.fill(0x5a, at, at + 300);
    await writeFile(path, bytes);
    await expect(pass(path, { sinks: [collector(F32_MONO)] })).rejects.toMatchObject({
      code: 'decode-failed',
    });
  });

  it('inside a FLAC is found by its checksums', async () => {
    const bytes = await readFile(flac);
    bytes.fill(0x5a, 300_000, 300_050);
    const path = join(folder, 'scratched.flac');
    await writeFile(path, bytes);
    await expect(pass(path, { encodings: [FLAC] })).rejects.toMatchObject({ code: 'decode-failed' });
  });

  it('junk and tags after an mp3 are no damage', async () => {
    const path = join(folder, 'trailing.mp3');
    await writeFile(
      path,
      Buffer.concat([await readFile(mp3), Buffer.from('TAG'.padEnd(128, ' ')), Buffer.alloc(5000)]),
    );
    expect((await pass(path, { sinks: [collector(F32_MONO)] })).durationSeconds).toBeCloseTo(12, 1);
  });
});

describe('limits', () => {
  it('of length, declared or not', async () => {
    const headerless = await encode(folder, music, 'unknown-length.mp3', '-write_xing', '0');
    for (const path of [music, headerless]) {
      await expect(pass(path, { sinks: [collector(S16)], maxDurationSeconds: 10 })).rejects.toMatchObject({
        code: 'too-long',
      });
    }
  });

  it('of time, while a sink does not return', async () => {
    const stuck: SampleSink = { format: S16, write: () => new Promise(() => {}) };
    await expect(pass(music, { sinks: [stuck], timeoutSeconds: 0.4 })).rejects.toMatchObject({
      code: 'timeout',
    });
    expect(ffmpegOn(music)).toEqual([]);
  });

  it('an abort ends ffmpeg at once, with its reason', async () => {
    const controller = new AbortController();
    const stuck: SampleSink = {
      format: S16,
      write() {
        controller.abort(new Error('shutting down'));
        return new Promise(() => {});
      },
    };
    await expect(pass(music, { sinks: [stuck], signal: controller.signal })).rejects.toThrow('shutting down');
    expect(ffmpegOn(music)).toEqual([]);
  });

  it('a sink that throws ends the pass with what it threw', async () => {
    const failing: SampleSink = {
      format: S16,
      write() {
        throw new Error('no more, please');
      },
    };
    await expect(pass(music, { sinks: [failing, collector(F32_MONO)] })).rejects.toThrow('no more, please');
    expect(ffmpegOn(music)).toEqual([]);
  });

  it.skipIf(!existsSync('/usr/bin/setpriv'))('ffmpeg does not outlive a worker that is killed', async () => {
    const long = await encode(folder, music, 'long.wav', '-af', 'aloop=loop=9:size=529200');
    const worker = spawn(process.execPath, [join(import.meta.dirname, 'endless-worker.ts'), long], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => worker.stdout.once('data', resolve));
    expect(ffmpegOn(long)).toHaveLength(1);
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    worker.kill('SIGKILL');
    await gone;
    await expect.poll(() => ffmpegOn(long)).toEqual([]);
  });
});

describe('scratch', () => {
  it.skipIf(!existsSync('/dev/full'))('that is full is said to be', async () => {
    const full = await mkdtemp(join(folder, 'full-'));
    await symlink('/dev/full', join(full, 'flac.flac'));
    await expect(pass(music, { encodings: [FLAC], scratchDirectory: full })).rejects.toMatchObject({
      code: 'scratch-full',
    });
  });

  it('that is not, while the encoder refuses', async () => {
    const impossible: Encoding = { name: 'opus', codec: 'opus', container: 'ogg', bitrate: 5 };
    await expect(pass(music, { encodings: [impossible] })).rejects.toMatchObject({ code: 'encode-failed' });
  });
});

/** Compared here, because a matcher takes minutes over millions. */
function sameSamples(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (sample, index) => sample === b[index]);
}

/** The process ids of programs that have `path` open as their input. */
function ffmpegOn(path: string): string[] {
  const listing = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' });
  return listing
    .split('\n')
    .filter((line) => /\bff(mpeg|probe) /.test(line) && line.includes(path) && !/^\s*\d+ Z/.test(line));
}
