/**
 * How ffmpeg and ffprobe open a file that anyone may have made: by its content, as one of the formats
 * below, and without following anything that it refers to.
 */
import { resolve } from 'node:path';

/**
 * The demuxers that may open a source: containers of audio, and of media that may hold audio. None of them
 * opens other files. Not here, on purpose: hls, dash, concat, sdp, rtsp, image2, subtitles, tty, lavfi.
 * A demuxer goes by any of its names; one that a build lacks does no harm.
 */
// biome-ignore format: a list of words
const DEMUXERS = [
  'aac', 'ac3', 'aiff', 'amr', 'amrnb', 'amrwb', 'ape', 'asf', 'au', 'avi', 'caf', 'dsf', 'dts', 'dtshd',
  'eac3', 'flac', 'flv', 'iff', 'loas', 'matroska', 'mp3', 'mpc', 'mpc8', 'mpeg', 'mpegts', 'mov', 'mp4',
  'm4a', 'ofr', 'ogg', 'oma', 'rm', 'shn', 'spx', 'tak', 'truehd', 'tta', 'voc', 'w64', 'wav', 'webm', 'wv',
  'xwma',
] as const;

/** One allocation that ffmpeg may make: covers are the largest honest ones. */
const MAX_ALLOCATION_BYTES = 256 * 1024 ** 2;

/** Options before the input, alike for ffmpeg and ffprobe. */
export function hostileInputOptions(): readonly string[] {
  return [
    '-max_alloc',
    String(MAX_ALLOCATION_BYTES),
    '-protocol_whitelist',
    'file',
    '-format_whitelist',
    DEMUXERS.join(','),
  ];
}

/** A local file as ffmpeg's input: absolute and with its protocol, so that no name reads as an option, a URL or a pattern. */
export function inputUrl(path: string): string {
  return `file:${resolve(path)}`;
}
