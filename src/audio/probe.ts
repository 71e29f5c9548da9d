import { z } from 'zod';
import type { SourceInfo } from '../algorithms/algorithm.ts';
import type { BackfillError } from '../errors.ts';
import { TrackFailure } from '../failures.ts';
import { runProgram } from './child-program.ts';
import { checkNotCutShort } from './cut-short.ts';
import { withDeadline } from './deadline.ts';
import { hostileInputOptions, inputUrl } from './hostile-input.ts';
import { limitReached } from './pass-failure.ts';
import { readSignature } from './file-signature.ts';
import { countMp3Seconds } from './plain-file.ts';
import type { LineLog } from './line-log.ts';
import { TAGS_READ } from './rendition-tags.ts';

/** Seconds for ffprobe, which reads the beginning of a file, and the end of some. */
const DEFAULT_TIMEOUT_SECONDS = 30;
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
/** How much later than its audio a chapter may end: what encoders add, and rounding. */
const CHAPTER_TOLERANCE_SECONDS = 0.25;

/** The demuxer says so where the container declares no duration and it divides bytes by a bit rate instead. */
const ESTIMATED_DURATION = /Estimating duration from bitrate/;

/** The fields that are read of `ffprobe -show_format -show_streams -of json`. */
const Stream = z.object({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  sample_rate: z.coerce.number().optional(),
  channels: z.number().optional(),
  bit_rate: z.coerce.number().optional(),
  bits_per_raw_sample: z.coerce.number().optional(),
  bits_per_sample: z.number().optional(),
  duration: z.coerce.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  disposition: z.object({ attached_pic: z.number() }).optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
const Chapter = z.object({ start_time: z.coerce.number(), end_time: z.coerce.number() });
const Report = z.object({
  streams: z.array(Stream).optional(),
  chapters: z.array(Chapter).optional(),
  format: z
    .object({
      format_name: z.string(),
      duration: z.coerce.number().optional(),
      bit_rate: z.coerce.number().optional(),
      tags: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
});

type ProbedStream = z.infer<typeof Stream>;

export interface ProbedSource extends SourceInfo {
  /** The stream of a cover that an encoder may copy: a JPEG or PNG picture, the one that is called the front first. */
  readonly coverStream: number | undefined;
  /** Whether it has chapters, all of them within its audio. */
  readonly hasChapters: boolean;
  /** Those of {@link TAGS_READ} that it has, by their names in lower case. */
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * What a local file holds, by ffprobe and by a look at its container's end.
 *
 * Throws `TrackFailure`: `unsupported-format` (not audio in a known format; playlists among it),
 * `no-audio-stream` (media without audio), `decode-failed` (damaged at the beginning, or cut short),
 * `timeout`; an environment error where ffprobe is missing; the signal's reason on abort.
 */
export async function probe(
  path: string,
  options: { signal: AbortSignal; timeoutSeconds?: number },
): Promise<ProbedSource> {
  const { streams, chapters, container, log, formatBitrate, formatDuration, formatTags } = await readStreams(
    path,
    options,
  );
  const audio = streams.find((stream) => stream.codec_type === 'audio');
  if (audio === undefined) {
    const kinds = [...new Set(streams.map((stream) => stream.codec_type ?? 'unknown'))].join(', ');
    throw new TrackFailure('no-audio-stream', `no audio stream in ${container}${kinds && `: only ${kinds}`}`);
  }
  if (!audio.sample_rate || !audio.channels || audio.codec_name === undefined) {
    throw new TrackFailure(
      'decode-failed',
      `the ${audio.codec_name ?? 'unknown'} stream in ${container} can not be read: no sample rate or channels found`,
    );
  }
  await checkNotCutShort(path, container);
  const alone = streams.filter((stream) => !isCover(stream)).length === 1;
  const declared = audio.duration ?? durationTag(audio) ?? (alone ? formatDuration : undefined);
  const isEstimated = log.lines.some((line) => ESTIMATED_DURATION.test(line));
  const told = isEstimated ? await countedSeconds(path, container) : declared;
  const durationSeconds = told !== undefined && told > 0 ? told : undefined;
  const bits = audio.bits_per_raw_sample || audio.bits_per_sample || undefined;
  return {
    container,
    codec: audio.codec_name,
    sampleRate: audio.sample_rate,
    channels: audio.channels,
    bitrate: audio.bit_rate ?? (alone ? formatBitrate : undefined),
    bitsPerSample: bits,
    durationSeconds,
    coverStream: (streams.find(isFrontCover) ?? streams.find(isCopiedCover))?.index,
    hasChapters: chapters.length > 0 && chapters.every((chapter) => isWithin(chapter, durationSeconds)),
    tags: readTags({ ...audio.tags, ...formatTags }),
  };
}

/** What ffprobe would have to guess, counted where that is quick. */
async function countedSeconds(path: string, container: string): Promise<number | undefined> {
  return container === 'mp3' ? countMp3Seconds(path) : undefined;
}

async function readStreams(
  path: string,
  { signal, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: { signal: AbortSignal; timeoutSeconds?: number },
): Promise<{
  readonly streams: readonly ProbedStream[];
  readonly chapters: readonly z.infer<typeof Chapter>[];
  readonly container: string;
  readonly formatTags: Readonly<Record<string, string>>;
  readonly formatDuration: number | undefined;
  readonly formatBitrate: number | undefined;
  readonly log: LineLog;
}> {
  const tags = TAGS_READ.join(',');
  const { exit, stdout, log } = await withDeadline(
    { signal, seconds: timeoutSeconds, what: 'ffprobe' },
    (deadline) =>
      runProgram({
        program: 'ffprobe',
        arguments: [
          '-hide_banner',
          '-v',
          'warning',
          ...hostileInputOptions(),
          '-show_entries',
          `stream=${Object.keys(Stream.shape).join(',')}:stream_disposition=attached_pic:stream_tags=DURATION,comment,${tags}:format=format_name,duration,bit_rate:format_tags=${tags}:chapter=start_time,end_time`,
          '-of',
          'json',
          '-i',
          inputUrl(path),
        ],
        signal: deadline,
        maxOutputBytes: MAX_OUTPUT_BYTES,
      }),
  );
  const report = exit.code === 0 ? parseReport(stdout) : undefined;
  if (report?.format === undefined) throw await refusal(path, log);
  return {
    streams: report.streams ?? [],
    chapters: report.chapters ?? [],
    container: report.format.format_name,
    formatDuration: report.format.duration,
    formatBitrate: report.format.bit_rate,
    formatTags: report.format.tags ?? {},
    log,
  };
}

function parseReport(json: string): z.infer<typeof Report> | undefined {
  try {
    return Report.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** Why ffprobe could not open the file, from what it says and how the file begins. */
async function refusal(path: string, log: LineLog): Promise<TrackFailure | BackfillError> {
  const limit = limitReached('ffprobe', log.lines);
  if (limit !== undefined) return limit;
  const said = (pattern: RegExp): boolean => log.lines.some((line) => pattern.test(line));
  if (said(/Format not on whitelist/)) {
    return new TrackFailure('unsupported-format', 'the file is none of the audio formats that are decoded');
  }
  if (said(/Cannot allocate memory/)) {
    return new TrackFailure('out-of-memory', 'the file asks for more memory than a track may take');
  }
  const signature = await readSignature(path);
  if (signature !== undefined) {
    return new TrackFailure('decode-failed', `the file begins as ${signature}, but is cut short or damaged`);
  }
  return new TrackFailure('unsupported-format', 'the file is not recognised as audio');
}

function isCover(stream: ProbedStream): boolean {
  return stream.disposition?.attached_pic === 1;
}

/** A picture without a size is none: damaged, or of another kind than it is said to be. Muxers refuse it. */
function isCopiedCover(stream: ProbedStream): boolean {
  const isKnown = ['mjpeg', 'png'].includes(stream.codec_name ?? '');
  return isCover(stream) && isKnown && (stream.width ?? 0) > 0 && (stream.height ?? 0) > 0;
}

/** By the name that ffmpeg gives to a picture's type in ID3v2 and FLAC. */
function isFrontCover(stream: ProbedStream): boolean {
  return isCopiedCover(stream) && stream.tags?.comment === 'Cover (front)';
}

/** A chapter that ends after the audio would make an M4A last longer. */
function isWithin(chapter: z.infer<typeof Chapter>, durationSeconds: number | undefined): boolean {
  return (
    durationSeconds !== undefined &&
    chapter.start_time >= 0 &&
    chapter.end_time <= durationSeconds + CHAPTER_TOLERANCE_SECONDS
  );
}

/** Longer ones are no numbers or codes, and would not fit an argument of a program. */
const MAX_TAG_LENGTH = 256;

function readTags(tags: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const wanted = new Set(TAGS_READ.map((tag) => tag.toLowerCase()));
  const lowered = Object.entries(tags).map(([tag, value]) => [tag.toLowerCase(), value] as const);
  return new Map(lowered.filter(([tag, value]) => wanted.has(tag) && value.length <= MAX_TAG_LENGTH));
}

/** Matroska's statistics tag: `00:03:20.480000000`. */
function durationTag(stream: ProbedStream): number | undefined {
  const [, hours, minutes, seconds] =
    /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(stream.tags?.DURATION ?? '') ?? [];
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
