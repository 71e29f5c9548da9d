import { TrackFailure } from '../failures.ts';
import type { ProgramExit } from './child-program.ts';
import type { LineLog } from './line-log.ts';

const NO_SPACE = /No space left on device|Disk quota exceeded/;
const NO_MEMORY = /Cannot allocate memory/;
const ENCODER_REFUSED =
  /Rematrix is needed|Error (?:initializing output stream|while opening encoder|selecting an encoder)|Unknown encoder|Error submitting (?:a|audio) frame to (?:the )?encoder|Audio encoding failed|Could not write header|Error opening output|Conversion failed/;
/** Looked for by decoders of lossless codecs alone: see `-err_detect` in media-pass.ts. */
const WRONG_CHECKSUM = /CRC error|wrong CRC|CRC check failed/i;
/** What ffmpeg exits with where more packets are broken than `-max_error_rate` allows. */
const TOO_MANY_ERRORS = 69;

/** What to watch for on ffmpeg's stderr: some of it does not show in its exit code. */
export const PASS_SYMPTOMS: readonly RegExp[] = [NO_SPACE, NO_MEMORY, ENCODER_REFUSED, WRONG_CHECKSUM];

/** Why a pass failed by what ffmpeg says and exits with; undefined if it did not. */
export function passFailure(exit: ProgramExit, log: LineLog): TrackFailure | undefined {
  if (log.seen(NO_SPACE) !== undefined) {
    return new TrackFailure('scratch-full', 'the scratch disk was full while the track was encoded');
  }
  if (log.seen(WRONG_CHECKSUM) !== undefined) {
    return new TrackFailure('decode-failed', 'the audio is damaged: a checksum is wrong');
  }
  if (exit.code === 0) return undefined;
  if (log.seen(NO_MEMORY) !== undefined) {
    return new TrackFailure('out-of-memory', 'decoding asked for more memory than a track may take');
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
