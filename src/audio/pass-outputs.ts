/** What one ffmpeg process is asked for: sample streams to pipes, renditions to files, and measurements. */
import { join } from 'node:path';
import type { Encoding, SampleFormat, SourceInfo } from '../algorithms/algorithm.ts';
import type { Filter, Output } from './command-line.ts';
import { encodedLayout, encoderOptions, flacSampleFormat, muxerName } from './encoder-options.ts';
import type { ProbedSource } from './probe.ts';
import { tagOptions } from './rendition-tags.ts';
import type { SampleSink } from './sample-stream.ts';

type Option = readonly [option: string, value: string];

/** One sample stream: the sinks that take the same format share it. */
export interface StreamRequest {
  readonly encoding: SampleFormat['encoding'];
  readonly sampleRate: number;
  readonly channels: number;
  readonly resampler: SampleFormat['resampler'];
  readonly sinks: readonly SampleSink[];
  /** Where it may end; undefined if a sink wants all. */
  readonly maxSeconds: number | undefined;
}

const PCM = { f32: { sampleFormat: 'flt', muxer: 'f32le' }, s16: { sampleFormat: 's16', muxer: 's16le' } };

/** Chromaprint's are those of its FFmpegAudioProcessor (src/audio/ffmpeg_audio_processor_swresample.h, `SetCompatibleMode`). */
const RESAMPLING: Readonly<Record<'default' | 'chromaprint', Readonly<Record<string, number>>>> = {
  default: {},
  chromaprint: { filter_size: 16, phase_shift: 8, linear_interp: 1, cutoff: 0.8 },
};

/** First audio stream only: a cover may be stream 0, and a second language is another recording. */
const FIRST_AUDIO: Option = ['-map', '0:a:0'];

/** Groups sinks by the format that they get, once `source` is put in. */
export function groupSinks(sinks: readonly SampleSink[], source: SourceInfo): readonly StreamRequest[] {
  const groups = new Map<string, StreamRequest>();
  for (const sink of sinks) {
    const { encoding, resampler } = sink.format;
    const sampleRate = sink.format.sampleRate === 'source' ? source.sampleRate : sink.format.sampleRate;
    const channels = sink.format.channels === 'source' ? source.channels : sink.format.channels;
    const key = [encoding, sampleRate, channels, resampler].join(' ');
    const group = groups.get(key) ?? { encoding, sampleRate, channels, resampler, sinks: [], maxSeconds: 0 };
    groups.set(key, {
      ...group,
      sinks: [...group.sinks, sink],
      maxSeconds:
        sink.maxSeconds === undefined || group.maxSeconds === undefined
          ? undefined
          : Math.max(group.maxSeconds, sink.maxSeconds),
    });
  }
  return [...groups.values()];
}

/** The output that writes a sample stream into file descriptor `descriptor`. */
export function streamOutput(stream: StreamRequest, descriptor: number): Output {
  const pcm = PCM[stream.encoding];
  return {
    target: `pipe:${descriptor}`,
    format: pcm.muxer,
    filters: [...conversion(stream, pcm.sampleFormat), ...cut(stream.maxSeconds, stream.sampleRate)],
    options: [FIRST_AUDIO],
  };
}

/**
 * The output that counts and measures what is decoded, and writes nothing. Loudness is asked of the same
 * output: its true peak is most of its cost, so it is measured only where renditions are made.
 */
export function measuringOutput(options: {
  readonly loudness: boolean;
  readonly maxSeconds: number | undefined;
  readonly source: SourceInfo;
}): Output {
  const loudness: Filter = {
    filter: 'ebur128',
    // framelog: the running figures go to a level that is not logged.
    options: { peak: 'true', framelog: 'verbose' },
  };
  return {
    target: '-',
    format: 'null',
    filters: [
      ...cut(options.maxSeconds, options.source.sampleRate),
      ...(options.loudness ? [...namedLayout(options.source), loudness] : []),
      { filter: 'volumedetect', options: {} },
    ],
    options: [FIRST_AUDIO],
  };
}

/** ffmpeg's Speex decoder (5.1) does not say which channels it gives, and ebur128 takes none that have no name. */
function namedLayout({ codec, channels }: SourceInfo): readonly Filter[] {
  if (codec !== 'speex') return [];
  return [{ filter: 'aformat', options: { channel_layouts: channels === 1 ? 'mono' : 'stereo' } }];
}

/** Where a rendition is put before it is delivered. */
export function encodingPath(encoding: Encoding, scratchDirectory: string): string {
  return join(scratchDirectory, `${encoding.name}.${encoding.container}`);
}

/**
 * The output that encodes a rendition. The same source gives the same bytes: nothing of the clock, of
 * chance or of ffmpeg's version is written (`bitexact`), and what the source's container says of itself
 * is left out.
 */
export function encodingOutput(
  encoding: Encoding,
  source: ProbedSource,
  options: { readonly scratchDirectory: string },
): Output {
  return {
    target: `file:${encodingPath(encoding, options.scratchDirectory)}`,
    format: muxerName(encoding),
    filters: conversion(
      encodedLayout(encoding, source),
      encoding.codec === 'flac' ? flacSampleFormat(source) : undefined,
    ),
    options: [
      FIRST_AUDIO,
      ...tagOptions(encoding, source),
      ['-fflags', '+bitexact'],
      ['-flags:a', '+bitexact'],
      ...encoderOptions(encoding, source),
    ],
  };
}

/** Ends a stream after so many samples, counted: timestamps jump in some real files, and `-t` goes by them. */
function cut(seconds: number | undefined, sampleRate: number): readonly Filter[] {
  if (seconds === undefined) return [];
  return [{ filter: 'atrim', options: { end_sample: Math.round(seconds * sampleRate) } }];
}

/**
 * Filters that convert to a rate, channels and a sample format. Mixing down never exceeds full scale,
 * whether a decoder gives integers or floats (swresample by itself scales only the former).
 */
function conversion(
  layout: {
    readonly sampleRate: number;
    readonly channels: number;
    readonly resampler?: SampleFormat['resampler'];
  },
  sampleFormat: string | undefined,
): readonly Filter[] {
  return [
    {
      filter: 'aresample',
      options: { osr: layout.sampleRate, rematrix_maxval: 1, ...RESAMPLING[layout.resampler ?? 'default'] },
    },
    {
      filter: 'aformat',
      options: {
        sample_rates: layout.sampleRate,
        ...(sampleFormat === undefined ? {} : { sample_fmts: sampleFormat }),
        ...(layout.channels <= 2 ? { channel_layouts: layout.channels === 1 ? 'mono' : 'stereo' } : {}),
      },
    },
  ];
}
