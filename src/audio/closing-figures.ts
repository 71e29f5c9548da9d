/**
 * The figures that ffmpeg's filters log when a pass ends. Their lines begin with the filter's name in
 * brackets; a tag of the source, which ffmpeg logs too, is always indented and can not look like one.
 */
import type { Loudness } from '../algorithms/algorithm.ts';

/** What volumedetect tells: samples over all channels, and the highest one. */
export interface Volume {
  readonly samples: number;
  /** Linear, 1 is full scale; to 0.1 dB; 0 where all samples are below half a step of 16 bits. */
  readonly peak: number;
}

/** What volumedetect calls a signal of zeros, in dB. */
const NOTHING_DB = -91;
/** The absolute gate of BS.1770-4, in LUFS: what ebur128 says where nothing is above it. */
const ABSOLUTE_GATE = -70;

/**
 * Sums the reports of `volumedetect` up. (There is one for each time that the source changed its rate or
 * channels.) Undefined where there is none.
 */
export function readVolume(lines: readonly string[]): Volume | undefined {
  let samples = 0;
  let highest = Number.NEGATIVE_INFINITY;
  let reports = 0;
  for (const line of lines) {
    const [, name, value] =
      /^\[Parsed_volumedetect_\d+ @ [^\]]*\] (n_samples|max_volume): (-?[\d.]+)/.exec(line) ?? [];
    if (name === 'n_samples') {
      reports += 1;
      samples += Number(value);
    } else if (name === 'max_volume') {
      highest = Math.max(highest, Number(value));
    }
  }
  if (reports === 0) return undefined;
  return { samples, peak: highest <= NOTHING_DB ? 0 : 10 ** (highest / 20) };
}

/** Reads the last summary of `ebur128`, each figure to 0.1; undefined where there is none. */
export function readLoudness(lines: readonly string[]): Loudness | undefined {
  const start = lines.findLastIndex((line) => /^\[Parsed_ebur128_\d+ @ [^\]]*\] Summary:/.test(line));
  if (start === -1) return undefined;
  const summary = lines.slice(start);
  const integrated = figure(summary, /^ +I: +(\S+) LUFS$/);
  const audible = integrated !== null && integrated > ABSOLUTE_GATE;
  return {
    integrated: audible ? integrated : null,
    range: audible ? figure(summary, /^ +LRA: +(\S+) LU$/) : null,
    truePeak: figure(summary, /^ +Peak: +(\S+) dBFS$/),
  };
}

function figure(lines: readonly string[], pattern: RegExp): number | null {
  for (const line of lines) {
    const text = pattern.exec(line)?.[1];
    // Adding 0 makes 0 of the -0 that is read from "-0.0".
    if (text !== undefined) return Number.isFinite(Number(text)) ? Number(text) + 0 : null;
  }
  return null;
}
