import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Encoding, Loudness } from '../algorithms/algorithm.ts';
import { TrackFailure } from '../failures.ts';
import { type ProgramExit, type RunningProgram, startProgram } from './child-program.ts';
import { readLoudness, readVolume } from './closing-figures.ts';
import { commandLine } from './command-line.ts';
import { checkDecodedLength } from './decoded-length.ts';
import { untilAborted, withDeadline } from './deadline.ts';
import { isLossless } from './lossless.ts';
import { hostileInputOptions, inputUrl } from './hostile-input.ts';
import { PASS_SYMPTOMS, READ_FAILED, passFailure } from './pass-failure.ts';
import {
  encodingOutput,
  encodingPath,
  groupSinks,
  measuringOutput,
  type StreamRequest,
  streamOutput,
} from './pass-outputs.ts';
import type { ProbedSource } from './probe.ts';
import { readRenditionLength } from './rendition-length.ts';
import { distributeSamples, type SampleSink } from './sample-stream.ts';

export type { SampleSink } from './sample-stream.ts';

/** A rendition as the pass leaves it: a file in the scratch directory, the caller's to deliver and remove. */
export interface EncodedFile {
  readonly encoding: Encoding;
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Seconds, as a player would show. */
  readonly durationSeconds: number;
  /** Bits a second over the whole file. */
  readonly bitrate: number;
}

export interface MediaPassOptions {
  /** A local file. */
  readonly path: string;
  /** What {@link probe} said of it. */
  readonly source: ProbedSource;
  readonly sinks: readonly SampleSink[];
  readonly encodings: readonly Encoding[];
  /** An existing folder for the encoded files; they overwrite what has their name. */
  readonly scratchDirectory: string;
  /** A longer track fails as `too-long`. */
  readonly maxDurationSeconds: number;
  /** A pass that takes longer fails as `timeout`. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

export interface MediaPassResult {
  /**
   * Seconds of the whole track: as decoded; or, where no sink wanted more than the beginning and decoding
   * ended there, as the container declares.
   */
  readonly durationSeconds: number;
  /** The highest sample, linear, 1 is full scale, of what was decoded; 0 for digital silence. */
  readonly peak: number;
  readonly encoded: readonly EncodedFile[];
  /** Whether ffmpeg said that reading the file failed, which need not have ended the pass. */
  readonly readFailed: boolean;
  /** Measured if and only if there were encodings. */
  readonly loudness: Loudness | undefined;
}

/** The first of ffmpeg's own pipes; 0 to 2 are the standard ones. */
const FIRST_PIPE = 3;
/** Encoder delay and the filling up of the last frame: most at 8 kHz, where a frame lasts 144 ms. */
const MAX_ENCODER_PADDING_SECONDS = 0.4;
/** More broken packets than this share and the audio is damaged; fewer are a click. */
const MAX_BROKEN_SHARE = 0.05;

/**
 * Decodes a track once, in one ffmpeg process, for everyone: hands samples to the sinks, encodes the
 * renditions, measures peak, length and loudness. Where all that is asked is the beginning (sinks with
 * `maxSeconds`, no encodings, a declared duration), no more is decoded.
 *
 * Throws `TrackFailure`: `decode-failed` (damaged, cut short, no samples), `too-long`, `timeout`,
 * `encode-failed`, `scratch-full`, `out-of-memory`; the signal's reason on abort; what a sink throws; an
 * environment error where ffmpeg is missing or can not be run. ffmpeg is gone whenever the promise settles.
 */
export async function runMediaPass(options: MediaPassOptions): Promise<MediaPassResult> {
  const { source, maxDurationSeconds, signal, timeoutSeconds } = options;
  if (source.durationSeconds !== undefined && source.durationSeconds > maxDurationSeconds) {
    throw tooLong(source.durationSeconds, maxDurationSeconds);
  }
  return withDeadline({ signal, seconds: timeoutSeconds, what: 'the media pass' }, (deadline) =>
    passWithin({ ...options, signal: deadline }),
  );
}

async function passWithin(options: MediaPassOptions): Promise<MediaPassResult> {
  const { source, encodings, maxDurationSeconds, signal } = options;
  const streams = groupSinks(options.sinks, source);
  const cutAt = whereDecodingMayEnd(streams, options);
  const running = await startProgram({
    program: 'ffmpeg',
    arguments: passArguments(options, streams, cutAt),
    extraPipes: streams.length,
    signal,
    watchFor: PASS_SYMPTOMS,
  });
  const exit = await serveStreams(running, streams, signal);
  const failure = passFailure(exit, running.log);
  if (failure !== undefined) throw failure;

  const volume = readVolume(running.log.lines);
  const decodedSeconds = (volume?.samples ?? 0) / source.channels / source.sampleRate;
  if (volume === undefined || decodedSeconds === 0) {
    throw new TrackFailure('decode-failed', `no audio could be decoded from the ${source.codec} stream`);
  }
  if (decodedSeconds > maxDurationSeconds) throw tooLong(decodedSeconds, maxDurationSeconds);
  checkDecodedLength(source, decodedSeconds, cutAt);
  const wasCut = cutAt !== undefined && decodedSeconds >= cutAt;
  return {
    durationSeconds: wasCut ? (source.durationSeconds ?? decodedSeconds) : decodedSeconds,
    peak: volume.peak,
    encoded: await describeEncoded(options, decodedSeconds),
    readFailed: running.log.seen(READ_FAILED) !== undefined,
    loudness: encodings.length > 0 ? readLoudness(running.log.lines) : undefined,
  };
}

/** Seconds after which nobody wants more; undefined where all is wanted, or must be decoded to know its length. */
function whereDecodingMayEnd(
  streams: readonly StreamRequest[],
  { source, encodings }: MediaPassOptions,
): number | undefined {
  if (encodings.length > 0 || streams.length === 0 || source.durationSeconds === undefined) return undefined;
  const limits = streams.map((stream) => stream.maxSeconds ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...limits);
  return Number.isFinite(last) ? last : undefined;
}

function passArguments(
  options: MediaPassOptions,
  streams: readonly StreamRequest[],
  cutAt: number | undefined,
): readonly string[] {
  const { encodings, scratchDirectory, source } = options;
  return commandLine(
    {
      url: inputUrl(options.path),
      options: [
        '-nostdin',
        '-hide_banner',
        '-nostats',
        '-y',
        '-v',
        'info',
        '-max_error_rate',
        String(MAX_BROKEN_SHARE),
        ...hostileInputOptions(),
        // Many MP3s bear wrong checksums, so only codecs whose samples must be exact are held to theirs.
        ...(isLossless(source.codec) ? ['-err_detect', 'crccheck'] : []),
        // A second more than is allowed: enough to know that it is too long.
        '-t',
        String(options.maxDurationSeconds + 1),
      ],
    },
    [
      ...streams.map((stream, index) => streamOutput(stream, FIRST_PIPE + index)),
      ...encodings.map((encoding) => encodingOutput(encoding, source, { scratchDirectory })),
      measuringOutput({ loudness: encodings.length > 0, maxSeconds: cutAt, source }),
    ],
  );
}

/**
 * Hands every stream to its sinks until ffmpeg has ended and all is taken. A sink that throws, or an abort,
 * ends ffmpeg, and is thrown on once it is gone.
 */
async function serveStreams(
  running: RunningProgram,
  streams: readonly StreamRequest[],
  signal: AbortSignal,
): Promise<ProgramExit> {
  const served = Promise.all(
    streams.map((stream, index) =>
      distributeSamples(running.child.stdio[FIRST_PIPE + index] as Readable, stream.sinks, stream),
    ),
  );
  served.catch((error: unknown) => running.stop(error));
  const exit = await running.exit;
  if (exit.stopped !== undefined) throw exit.stopped.reason;
  // What ffmpeg wrote last is still on its way through the pipes and the sinks.
  await untilAborted(served, signal);
  return exit;
}

/**
 * Measures the encoded files. A player leaves out what an encoder adds before and after the audio, so that
 * a rendition lasts as long as its source; MP3 and Opus count the addition.
 */
async function describeEncoded(options: MediaPassOptions, decodedSeconds: number): Promise<EncodedFile[]> {
  const files: EncodedFile[] = [];
  for (const encoding of options.encodings) {
    const path = encodingPath(encoding, options.scratchDirectory);
    const [{ size: bytes }, sha256, durationSeconds = 0] = await Promise.all([
      stat(path),
      sha256Of(path),
      readRenditionLength(path, encoding.container),
    ]);
    if (Math.abs(durationSeconds - decodedSeconds) > MAX_ENCODER_PADDING_SECONDS) {
      throw new TrackFailure(
        'encode-failed',
        `rendition ${encoding.name} lasts ${durationSeconds.toFixed(2)} s, its source ${decodedSeconds.toFixed(2)} s`,
      );
    }
    files.push({
      encoding,
      path,
      bytes,
      sha256,
      durationSeconds: decodedSeconds,
      bitrate: (bytes * 8) / decodedSeconds,
    });
  }
  return files;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function tooLong(seconds: number, allowed: number): TrackFailure {
  return new TrackFailure('too-long', `${seconds.toFixed(1)} s of audio, ${allowed} s are allowed`);
}
