import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LADDER_PRESETS } from '../../src/algorithms/transcode/ladder.ts';
import { createTranscode } from '../../src/algorithms/transcode/transcode.ts';
import type { EvaluationContext } from '../harness/evaluation.ts';
import { work } from '../harness/work.ts';
import { flacBits, measureLoudness, measureStream, sampleDigest } from './reference-measures.ts';

/** Every rendition that there is. */
const LADDER = LADDER_PRESETS.full;

/** One rendition beside its source. */
export interface MeasuredRendition {
  readonly name: string;
  /** Bits a second over the whole file, off the target, per cent; undefined of lossless ones. */
  readonly fileBitrateOff: number | undefined;
  /** The same of the audio alone. */
  readonly audioBitrateOff: number | undefined;
  /** Seconds by which what is played differs from the source. */
  readonly secondsOff: number;
  /** Seconds by which the row's duration differs from the source. */
  readonly statedSecondsOff: number;
  /** Whether the samples are those of the source; undefined of lossy ones. */
  readonly exact: boolean | undefined;
}

export interface TranscodedRecording {
  readonly name: string;
  readonly renditions: readonly MeasuredRendition[];
  /** LU, LU and dB by which the row differs from the filter run apart; undefined where either has no figure. */
  readonly loudnessOff: number | undefined;
  readonly rangeOff: number | undefined;
  readonly truePeakOff: number | undefined;
  readonly failures: readonly string[];
}

interface RowRendition {
  readonly name: string;
  readonly bitrate_bps: number;
  readonly duration_s: number;
}

/** Encodes a recording as the product does, and measures what comes of it. */
export async function transcodeRecording(
  name: string,
  path: string,
  context: EvaluationContext,
): Promise<TranscodedRecording> {
  const { scratch, signal } = context;
  const transcode = createTranscode(LADDER);
  const files = new Map<string, string>();
  const worked = await work(path, [transcode], {
    scratch,
    signal,
    storeRendition: async ({ file }) => {
      const kept = join(scratch, basename(file.path));
      await rename(file.path, kept);
      files.set(file.encoding.name, kept);
      return kept;
    },
  });
  const row = worked.row(transcode);
  const source = await measureStream(path, signal);
  const loudness = await measureLoudness(path, signal);
  const renditions: MeasuredRendition[] = [];
  for (const rendition of (row?.['renditions'] ?? []) as unknown as readonly RowRendition[]) {
    const file = files.get(rendition.name);
    if (file !== undefined)
      renditions.push(await measureRendition(rendition, file, path, source.seconds, signal));
  }
  const off = (ours: unknown, reference: number | undefined): number | undefined =>
    typeof ours === 'number' && reference !== undefined ? Math.abs(ours - reference) : undefined;
  return {
    name,
    renditions,
    loudnessOff: off(row?.['loudness_lufs'], loudness.integrated),
    rangeOff: off(row?.['loudness_range_lu'], loudness.range),
    truePeakOff: off(row?.['true_peak_dbtp'], loudness.truePeak),
    failures: worked.failures.map((failure) => `${name}: ${failure}`),
  };
}

async function measureRendition(
  { name, bitrate_bps, duration_s }: RowRendition,
  file: string,
  source: string,
  sourceSeconds: number,
  signal: AbortSignal,
): Promise<MeasuredRendition> {
  const target = LADDER.find((encoding) => encoding.name === name)?.bitrate;
  const stream = await measureStream(file, signal);
  const off = (bitrate: number): number | undefined =>
    target === undefined ? undefined : 100 * (bitrate / target - 1);
  return {
    name,
    fileBitrateOff: off(bitrate_bps),
    audioBitrateOff: off(stream.bitrate),
    secondsOff: Math.abs(stream.seconds - sourceSeconds),
    statedSecondsOff: Math.abs(duration_s - sourceSeconds),
    exact: target === undefined ? await isExact(file, source, signal) : undefined,
  };
}

async function isExact(file: string, source: string, signal: AbortSignal): Promise<boolean> {
  const bits = await flacBits(file, signal);
  return (await sampleDigest(file, bits, signal)) === (await sampleDigest(source, bits, signal));
}
