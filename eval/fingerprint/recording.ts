import { join } from 'node:path';
import { decompressFingerprint } from '../../src/algorithms/fingerprint/chromaprint.ts';
import { fingerprint } from '../../src/algorithms/fingerprint/fingerprint.ts';
import type { EvaluationContext } from '../harness/evaluation.ts';
import { runReference } from '../harness/reference-program.ts';
import { work } from '../harness/work.ts';

/** Encodings that users share music in at their worst. */
export const ENCODINGS = [
  { name: 'mp3 64k', file: 'mp3-64.mp3', options: ['-c:a', 'libmp3lame', '-b:a', '64k'] },
  { name: 'opus 32k', file: 'opus-32.opus', options: ['-c:a', 'libopus', '-b:a', '32k'] },
  { name: 'aac 48k', file: 'aac-48.m4a', options: ['-c:a', 'aac', '-b:a', '48k'] },
] as const;

/** Seconds that are encoded again: what a fingerprint covers, and some more. */
const ENCODED_SECONDS = 130;
/** fpcalc 1.5 ends so wherever its input is shorter than it was asked for. */
const FPCALC_SHORT_INPUT = 3;

/** The codes that came of one recording. */
export interface FingerprintedRecording {
  readonly name: string;
  /** By `fpcalc FILE`. */
  readonly reference: Uint32Array;
  /** Ours, where another algorithm hears the track as well: of shared samples. */
  readonly shared: Uint32Array;
  /** Ours, alone with the track. */
  readonly alone: Uint32Array;
  /** Ours of the recording encoded again, in the order of {@link ENCODINGS}. */
  readonly encoded: readonly Uint32Array[];
  readonly failures: readonly string[];
}

export async function fingerprintRecording(
  name: string,
  path: string,
  context: EvaluationContext,
): Promise<FingerprintedRecording> {
  const failures: string[] = [];
  const sharing = { ...fingerprint, fromFile: async () => undefined };
  const codesOf = async (file: string, algorithm: typeof fingerprint): Promise<Uint32Array> => {
    const worked = await work(file, [algorithm], context);
    failures.push(...worked.failures.map((failure) => `${name}: ${failure}`));
    const row = worked.row(algorithm);
    if (row === undefined) return new Uint32Array(0);
    return decompressFingerprint(Buffer.from(row['fingerprint'] as string, 'base64url')).codes;
  };
  const encoded: Uint32Array[] = [];
  for (const { file, options } of ENCODINGS) {
    const again = join(context.scratch, file);
    const input = ['-nostdin', '-v', 'error', '-y', '-i', `file:${path}`, '-map', '0:a:0'];
    await runReference(
      'ffmpeg',
      [...input, '-t', String(ENCODED_SECONDS), ...options, `file:${again}`],
      context,
    );
    encoded.push(await codesOf(again, fingerprint));
  }
  return {
    name,
    reference: await fpcalcCodes(path, context.signal),
    shared: await codesOf(path, sharing),
    alone: await codesOf(path, fingerprint),
    encoded,
    failures,
  };
}

async function fpcalcCodes(path: string, signal: AbortSignal): Promise<Uint32Array> {
  const { stdout } = await runReference('fpcalc', ['-raw', '-plain', path], {
    signal,
    accepted: [0, FPCALC_SHORT_INPUT],
  });
  return Uint32Array.from(stdout.trim().split(',').filter(Boolean), Number);
}
