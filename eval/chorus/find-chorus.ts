import { chorus } from '../../src/algorithms/chorus/chorus.ts';
import type { JsonRow } from '../../src/results/columns.ts';
import { CpuMeter } from '../harness/cpu-meter.ts';
import type { EvaluationContext } from '../harness/evaluation.ts';
import { work } from '../harness/work.ts';
import type { Span } from '../scores/excerpt.ts';
import { type Chromagram, ChromaTap } from './chroma-tap.ts';

export interface FoundSection {
  readonly label: string;
  readonly start_s: number;
  readonly end_s: number;
}

/** What the product makes of a recording. */
export interface FoundChorus {
  /** Undefined where it failed. */
  readonly excerpt: Span | undefined;
  readonly confidence: number | undefined;
  readonly sections: readonly FoundSection[];
  readonly cpuSeconds: number | undefined;
  /** Only where pictures are drawn. */
  readonly chromagram: Chromagram | undefined;
  readonly failures: readonly string[];
}

/** Where the product's excerpt is once it is given the words as well. */
export async function findChorusByWords(
  audio: string,
  lrc: string,
  { scratch, signal }: EvaluationContext,
): Promise<Span | undefined> {
  const worked = await work(audio, [chorus], { scratch, signal, lyrics: new TextEncoder().encode(lrc) });
  return excerptOf(worked.row(chorus));
}

/** Finds the chorus of a file as the product does, by the audio alone. */
export async function findChorus(
  name: string,
  audio: string,
  context: EvaluationContext,
): Promise<FoundChorus> {
  const meter = new CpuMeter();
  const tap = new ChromaTap();
  const taps = context.draw === undefined ? [] : [tap.algorithm];
  const worked = await work(audio, [meter.attachTo(chorus), ...taps], context);
  const row = worked.row(chorus);
  return {
    excerpt: excerptOf(row),
    confidence: row?.['confidence'] as number | undefined,
    sections: (row?.['sections'] ?? []) as unknown as readonly FoundSection[],
    cpuSeconds: meter.secondsATrack,
    chromagram: tap.chromagram,
    failures: worked.failures.map((failure) => `${name}: ${failure}`),
  };
}

function excerptOf(row: JsonRow | undefined): Span | undefined {
  return row === undefined ? undefined : [row['start_s'] as number, row['end_s'] as number];
}
