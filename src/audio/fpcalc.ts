import type { Writable } from 'node:stream';
import type { SampleFormat } from '../algorithms/algorithm.ts';
import { environmentError } from '../errors.ts';
import { TrackFailure } from '../failures.ts';
import { type ProgramExit, runProgram, startProgram } from './child-program.ts';

/**
 * What Chromaprint works on. Given anything else fpcalc converts it by the same library as ffmpeg; but
 * rounding a decoder's floats to 16 bits before that changes 0.3 % of the codes, and full-rate samples are
 * twenty times the data.
 */
export const FPCALC_FORMAT: SampleFormat & { readonly sampleRate: number; readonly channels: number } = {
  encoding: 's16',
  sampleRate: 11025,
  channels: 1,
  resampler: 'chromaprint',
};

/** A running `fpcalc` that takes decoded samples. */
export interface FingerprintProcess {
  /** Takes interleaved samples; settles once they are on their way and the array is the caller's again. */
  write(samples: Int16Array): Promise<void>;
  /** All samples have come: the compressed fingerprint. */
  finish(): Promise<Uint8Array>;
  /** Ends the process if it still runs. */
  close(): Promise<void>;
}

/** A fingerprint of 120 s takes some kilobytes. */
export const MAX_OUTPUT_BYTES: number = 1024 * 1024;
/** For fpcalc to tell its version. */
const VERSION_SECONDS = 20;
/** What fpcalc 1.5 says, and then exits with 3, wherever its input ends before `-length`. */
export const END_OF_INPUT: RegExp = /^ERROR: Error decoding audio frame \(End of file\)$/;
const EMPTY = /^ERROR: Empty fingerprint$/;

/**
 * Starts Chromaprint's `fpcalc` on samples from its standard input: its own demuxing and decoding stay out
 * of it. They are in {@link FPCALC_FORMAT}, which it would convert any others to.
 *
 * Throws an environment error where fpcalc is missing, `TrackFailure('too-short')` from `finish` where the
 * audio is too short for one code.
 */
export async function startFpcalc(options: {
  readonly maxSeconds: number;
  readonly signal: AbortSignal;
}): Promise<FingerprintProcess> {
  const running = await startProgram({
    program: 'fpcalc',
    arguments: [
      '-format',
      's16le',
      '-rate',
      String(FPCALC_FORMAT.sampleRate),
      '-channels',
      String(FPCALC_FORMAT.channels),
      '-length',
      String(options.maxSeconds),
      '-plain',
      '-',
    ],
    stdin: 'pipe',
    stdout: 'pipe',
    signal: options.signal,
  });
  const stdin = running.child.stdin as Writable;
  const output = readText(running.child.stdout as AsyncIterable<Buffer>);
  return {
    write: (samples) =>
      new Promise((resolve) => {
        const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
        // An error here is fpcalc's end: it has enough, or it failed, which `finish` will tell.
        stdin.write(bytes, () => resolve());
      }),
    async finish() {
      stdin.end();
      const exit = await running.exit;
      if (exit.stopped !== undefined) throw exit.stopped.reason;
      const text = (await output).trim();
      const complaints = running.log.lines.filter((line) => !END_OF_INPUT.test(line));
      if (complaints.some((line) => EMPTY.test(line))) {
        throw new TrackFailure('too-short', 'the audio is too short for a fingerprint');
      }
      if (text === '' || complaints.length > 0) {
        throw await abnormalEnd(exit, complaints.at(-1));
      }
      return Uint8Array.from(Buffer.from(text, 'base64url'));
    },
    async close() {
      running.stop(new Error('the analysis was closed'));
      await running.exit;
    },
  };
}

/** What a program's own faults end it by: what it was given may be what they come of. */
const FAULTS: ReadonlySet<string> = new Set(['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV']);

/**
 * What it means that there is no fingerprint: of this track, where fpcalc is well otherwise; of all of them, where it
 * was ended from outside or does not even tell its version.
 */
async function abnormalEnd({ code, signal }: ProgramExit, complaint = 'no word'): Promise<Error> {
  const message = `fpcalc ${signal === null ? `exited with code ${code}` : `was ended by ${signal}`}: ${complaint}`;
  const seconds = AbortSignal.timeout(VERSION_SECONDS * 1000);
  const isWell =
    (signal === null || FAULTS.has(signal)) &&
    (await runProgram({
      program: 'fpcalc',
      arguments: ['-version'],
      signal: seconds,
      maxOutputBytes: MAX_OUTPUT_BYTES,
    }).then(
      ({ exit }) => exit.code === 0,
      () => false,
    ));
  return isWell ? new TrackFailure('algorithm-error', message) : environmentError('fpcalc-failed', message);
}

/** Reads all there is, at most {@link MAX_OUTPUT_BYTES}; what a killed process leaves unsaid is no error. */
async function readText(stdout: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stdout) {
      bytes += chunk.length;
      if (bytes <= MAX_OUTPUT_BYTES) chunks.push(chunk);
    }
  } catch {
    return '';
  }
  return Buffer.concat(chunks).toString('latin1');
}
