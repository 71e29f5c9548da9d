import { TrackFailure } from '../failures.ts';
import { type BackfillError, environmentError } from '../errors.ts';
import type { ProgramExit } from './child-program.ts';
import type { LineLog } from './line-log.ts';
import type { Program } from './program-path.ts';

// At the end of a line of ffmpeg's own: what it prints of a file's tags is indented, and paths are in quotes.
const NO_SPACE = /^\S.*(?:No space left on device|Disk quota exceeded)\)?$/;
const NO_FILES = /^\S.*: Too many open files(?: in system)?$/;
/** A thread can not be started: nothing that is decoded or encoded makes ffmpeg say so when it opens a codec or filter. */
const NO_THREADS = /^\S.*(?:opening|initializ|thread|filter network).*: Resource temporarily unavailable$/i;
const NO_MEMORY = /Cannot allocate memory/;
/** What decoders make of it differs: the end of the file, or damage. */
export const READ_FAILED: RegExp = /^\S.*: (?:Input\/output error|Stale file handle)$/;
const ENCODER_REFUSED =
  /Rematrix is needed|Error (?:initializing output stream|while opening encoder|selecting an encoder)|Unknown encoder|Error submitting (?:a|audio) frame to (?:the )?encoder|Audio encoding failed|Could not write header|Error opening output|Conversion failed/;
/** Looked for by decoders of lossless codecs alone: see `-err_detect` in media-pass.ts. */
const WRONG_CHECKSUM = /CRC error|wrong CRC|CRC check failed/i;
/** Its own last words at SIGXCPU, which it catches. */
const CPU_TIME_OVER = /^Exiting normally, received signal 24\.$/;
/** What ffmpeg exits with where more packets are broken than `-max_error_rate` allows. */
const TOO_MANY_ERRORS = 69;

/** What to watch for on ffmpeg's stderr: some of it does not show in its exit code. */
export const PASS_SYMPTOMS: readonly RegExp[] = [
  NO_SPACE,
  NO_FILES,
  NO_THREADS,
  NO_MEMORY,
  READ_FAILED,
  ENCODER_REFUSED,
  CPU_TIME_OVER,
  WRONG_CHECKSUM,
];

/**
 * The limit of this machine that a program has run into by its own words, whatever file it was given; undefined where
 * it has not.
 */
export function limitReached(program: Program, lines: readonly string[]): BackfillError | undefined {
  if (lines.some((line) => NO_FILES.test(line))) {
    return environmentError('open-file-limit', `${program} may not open the files that it needs`, {
      hint: 'raise the limit, as with `ulimit -n 4096`, then try again',
    });
  }
  if (lines.some((line) => NO_THREADS.test(line))) {
    return environmentError('process-limit', `${program} may not start the threads that it needs`, {
      hint: "raise the limit (ulimit -u, or the container's), or lower --concurrency, then try again",
    });
  }
  return undefined;
}

/** Why a pass failed by what ffmpeg says and exits with; undefined if it did not. */
export function passFailure(exit: ProgramExit, log: LineLog): TrackFailure | BackfillError | undefined {
  if (log.seen(NO_SPACE) !== undefined) {
    return new TrackFailure('scratch-full', 'the scratch disk was full while the track was encoded');
  }
  if (log.seen(WRONG_CHECKSUM) !== undefined) {
    return new TrackFailure('decode-failed', 'the audio is damaged: a checksum is wrong');
  }
  if (exit.code === 0) return undefined;
  const limit = limitReached(
    'ffmpeg',
    [NO_FILES, NO_THREADS].flatMap((symptom) => log.seen(symptom) ?? []),
  );
  if (limit !== undefined) return limit;
  if (log.seen(NO_MEMORY) !== undefined) {
    return new TrackFailure('out-of-memory', 'decoding asked for more memory than a track may take');
  }
  if (exit.signal === 'SIGXFSZ') {
    const message = 'a rendition grew over the size that a file may have here (ulimit -f)';
    return new TrackFailure('scratch-full', message);
  }
  if (exit.signal === 'SIGXCPU' || log.seen(CPU_TIME_OVER) !== undefined) {
    return new TrackFailure(
      'timeout',
      'the track took more CPU time than a process may have here (ulimit -t)',
    );
  }
  if (exit.signal !== null) {
    return new TrackFailure('decode-failed', `ffmpeg died by ${exit.signal} on the track`);
  }
  if (exit.code === TOO_MANY_ERRORS) {
    return new TrackFailure('decode-failed', 'too much of the audio is damaged');
  }
  const refusal = log.seen(ENCODER_REFUSED);
  if (refusal !== undefined) {
    return new TrackFailure('encode-failed', `an encoder refused the audio: ${withoutPaths(refusal)}`);
  }
  const last =
    log.lines.findLast((line) => /error|invalid|fail/i.test(line)) ?? log.lines.at(-1) ?? 'nothing';
  return new TrackFailure('decode-failed', `ffmpeg gave up: ${withoutPaths(last)}`);
}

/** A line of ffmpeg's without addresses and file names, which differ from run to run. */
function withoutPaths(line: string): string {
  return line
    .replace(/ @ 0x[0-9a-f]+/g, '')
    .replace(/(?:file:)?\/[^'"]*(?=[:'"])/g, 'the file')
    .trim();
}
