import { z } from 'zod';
import { TrackFailure } from '../failures.ts';
import { runProgram } from './child-program.ts';
import { withDeadline } from './deadline.ts';
import { END_OF_INPUT, MAX_OUTPUT_BYTES } from './fpcalc.ts';
import { inputUrl } from './hostile-input.ts';
import { readPlainFile } from './plain-file.ts';

/** Seconds for fpcalc, which takes a tenth of one. */
const TIMEOUT_SECONDS = 20;
/** What fpcalc 1.5 exits with where its input ends before `-length`. */
const ENDED_EARLY = 3;

/** The fields that are read of `fpcalc -json`. */
const Report = z.object({ duration: z.number(), fingerprint: z.string() });

export interface FileFingerprint {
  readonly compressed: Uint8Array;
  /** Of the whole file, as its container declares. */
  readonly durationSeconds: number;
}

/**
 * Has `fpcalc` read a file by itself: one process where probing, decoding and fingerprinting take three. Only for
 * plain files ({@link readPlainFile}), and with the demuxer named, so that fpcalc opens nothing that a file refers to.
 *
 * Undefined where anything is unusual, whatever it is: the file, its length, or what fpcalc says of it. Whether that
 * is a fault is for those to tell who probe and decode it.
 *
 * Throws the signal's reason on abort, and an environment error where fpcalc is missing.
 */
export async function fingerprintFile(
  path: string,
  options: {
    /** Only the beginning is taken. */
    readonly maxSeconds: number;
    readonly signal: AbortSignal;
  },
): Promise<FileFingerprint | undefined> {
  const { maxSeconds, signal } = options;
  const plain = await readPlainFile(path, maxSeconds);
  if (plain === undefined) return undefined;
  try {
    const { exit, stdout, log } = await withDeadline(
      { signal, seconds: TIMEOUT_SECONDS, what: 'fpcalc' },
      (deadline) =>
        runProgram({
          program: 'fpcalc',
          // biome-ignore format: options with their values
          arguments: [
            '-format', plain.demuxer,
            '-length', String(maxSeconds),
            '-json',
            inputUrl(path),
          ],
          signal: deadline,
          maxOutputBytes: MAX_OUTPUT_BYTES,
        }),
    );
    const endedEarly = exit.code === ENDED_EARLY && log.lines.every((line) => END_OF_INPUT.test(line));
    if (!(endedEarly || (exit.code === 0 && log.lines.length === 0))) return undefined;
    const report = Report.parse(JSON.parse(stdout));
    // An MP3's frames were counted here; fpcalc guesses its length by the bit rate where no tag tells it.
    const isTold = plain.demuxer !== 'mp3';
    if (isTold && report.duration !== durationAsPrinted(plain.durationSeconds)) return undefined;
    return {
      compressed: Uint8Array.from(Buffer.from(report.fingerprint, 'base64url')),
      durationSeconds: plain.durationSeconds,
    };
  } catch (error) {
    signal.throwIfAborted();
    const isOfThisFile =
      error instanceof TrackFailure || error instanceof SyntaxError || error instanceof z.ZodError;
    if (isOfThisFile) return undefined;
    throw error;
  }
}

/** As fpcalc prints it: whole milliseconds, rounded to hundredths of a second. Another figure, and it took another stream, or another length. */
function durationAsPrinted(seconds: number): number {
  return Number((Math.floor(seconds * 1000) / 1000).toFixed(2));
}
