/** Audio files for tests, made by ffmpeg and by arithmetic. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Runs a program that a test needs, apart from the code under test; gives what it prints. */
export async function run(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Makes `folder/name` of `input` with the given output options of ffmpeg. */
export async function encode(
  folder: string,
  input: string,
  name: string,
  ...options: readonly string[]
): Promise<string> {
  const path = join(folder, name);
  await run('ffmpeg', '-nostdin', '-v', 'error', '-y', '-i', `file:${input}`, ...options, `file:${path}`);
  return path;
}

/** Decodes a file to interleaved 16-bit samples, as any player would. */
export async function decode(path: string): Promise<Int16Array> {
  const { stdout } = await promisify(execFile)(
    'ffmpeg',
    [
      '-nostdin',
      '-v',
      'error',
      '-i',
      `file:${path}`,
      '-map',
      '0:a:0',
      '-f',
      's16le',
      '-c:a',
      'pcm_s16le',
      '-',
    ],
    { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 },
  );
  return new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length / 2);
}

/** Writes a 16-bit WAV file of `seconds` of {@link synthesizeMusic}. */
export async function writeMusic(
  path: string,
  options: { seconds: number; sampleRate?: number; channels?: number; seed?: number; gain?: number },
): Promise<string> {
  const { seconds, sampleRate = 44100, channels = 2, seed = 1, gain = 1 } = options;
  const samples = synthesizeMusic({ seconds, sampleRate, channels, seed, gain });
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  await writeFile(path, Buffer.concat([header, data]));
  return path;
}

/**
 * Chords of plucked harmonics over a bass and a noise beat: another piece for each seed, the same one for
 * the same seed. Interleaved.
 */
function synthesizeMusic(options: {
  seconds: number;
  sampleRate: number;
  channels: number;
  seed: number;
  gain: number;
}): Int16Array {
  const { sampleRate, channels, gain } = options;
  const frames = Math.round(options.seconds * sampleRate);
  const random = randomNumbers(options.seed);
  const mix = new Float64Array(frames * channels);
  const add = (index: number, value: number): void => {
    mix[index] = (mix[index] ?? 0) + value;
  };
  const beatSeconds = 0.25 + 0.15 * random();
  const root = 40 + Math.floor(12 * random());
  for (let beat = 0; beat * beatSeconds < options.seconds; beat += 1) {
    const start = Math.round(beat * beatSeconds * sampleRate);
    const length = Math.min(Math.round(beatSeconds * sampleRate * 1.5), frames - start);
    const chord = [
      0,
      12,
      12 + pick(random, [3, 4, 5]),
      12 + pick(random, [7, 8, 9]),
      24 + pick(random, [0, 2, 5, 7, 11]),
    ];
    const shift = pick(random, [0, 2, 4, 5, 7, 9]);
    for (const interval of chord) {
      const frequency = 440 * 2 ** ((root + shift + interval - 69) / 12);
      const pan = random();
      for (let harmonic = 1; harmonic <= 5 && frequency * harmonic < sampleRate / 2.2; harmonic += 1) {
        const step = (2 * Math.PI * frequency * harmonic) / sampleRate;
        for (let index = 0; index < length; index += 1) {
          const value = (Math.sin(step * index) * Math.exp((-3 * index) / length)) / harmonic / 14;
          for (let channel = 0; channel < channels; channel += 1) {
            add((start + index) * channels + channel, value * (channel % 2 === 0 ? pan : 1 - pan));
          }
        }
      }
    }
    for (let index = 0; index < Math.min(length, 2000); index += 1) {
      const noise = (random() - 0.5) * 0.15 * Math.exp(-index / 300);
      for (let channel = 0; channel < channels; channel += 1)
        add((start + index) * channels + channel, noise);
    }
  }
  return Int16Array.from(mix, (value) => Math.max(-32768, Math.min(32767, Math.round(value * gain * 32767))));
}

function pick(random: () => number, choices: readonly number[]): number {
  return choices[Math.floor(random() * choices.length)] ?? 0;
}

/** Marsaglia's xorshift32: the same numbers for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
