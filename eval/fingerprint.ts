import { matchFingerprints } from '../src/algorithms/fingerprint/match-fingerprints.ts';
import { shortNames } from './data/material.ts';
import { ENCODINGS, type FingerprintedRecording, fingerprintRecording } from './fingerprint/recording.ts';
import {
  type Column,
  type Evaluation,
  type EvaluationContext,
  type EvaluationReport,
  type SongRow,
  Unavailable,
} from './harness/evaluation.ts';
import { meanRow } from './harness/report.ts';
import { leastBitErrorRate } from './scores/bit-errors.ts';
import { countEqualCodes } from './scores/equal-codes.ts';

/** Codes by which two fingerprints may be shifted against each other: 10 s. */
const MAX_SHIFT = 80;

const COLUMNS: readonly Column[] = [
  { name: 'codes', digits: 0 },
  { name: 'equal', digits: 2 },
  { name: 'equal alone', digits: 2 },
  ...ENCODINGS.map(({ name }) => ({ name, digits: 2 })),
  { name: 'nearest other', digits: 1 },
];

/** Chromaprint's codes, and how far they are apart. */
export const fingerprintEvaluation: Evaluation = {
  name: 'fingerprint',
  summary: 'codes against those of fpcalc FILE; what differs between recordings, the same and others',
  async run(context: EvaluationContext): Promise<EvaluationReport> {
    const { audioFiles, folder } = context.material;
    if (audioFiles.length === 0) throw new Unavailable('there is no audio file');
    const names = shortNames(audioFiles, folder);
    const recordings: FingerprintedRecording[] = [];
    for (const [index, path] of audioFiles.entries()) {
      const name = names[index] ?? path;
      context.say(name);
      recordings.push(await fingerprintRecording(name, path, context));
    }
    const songs = recordings.map((recording) => songRow(recording, recordings));
    return {
      findings: findings(recordings, songs),
      tables: [{ title: 'recording', columns: COLUMNS, songs, totals: [meanRow(COLUMNS, songs)] }],
      notes: [
        ...recordings.flatMap(({ failures }) => failures),
        'equal: per cent of codes, of shared samples and alone with the file; the rest: per cent of bits that differ',
        `from the recording encoded again, and from its nearest among the others, each shifted by up to ${MAX_SHIFT} codes`,
      ],
    };
  },
};

function songRow(recording: FingerprintedRecording, all: readonly FingerprintedRecording[]): SongRow {
  const { name, reference, shared, alone, encoded } = recording;
  const distances = all
    .filter((other) => other !== recording)
    .map((other) => 100 * leastBitErrorRate(shared, other.shared, MAX_SHIFT));
  return {
    name,
    values: {
      codes: reference.length,
      equal: 100 * countEqualCodes(shared, reference).share,
      'equal alone': 100 * countEqualCodes(alone, reference).share,
      ...Object.fromEntries(
        ENCODINGS.map((encoding, index) => [
          encoding.name,
          100 * leastBitErrorRate(shared, encoded[index] ?? new Uint32Array(0), MAX_SHIFT),
        ]),
      ),
      'nearest other': distances.length === 0 ? undefined : Math.min(...distances),
    },
  };
}

function findings(
  recordings: readonly FingerprintedRecording[],
  songs: readonly SongRow[],
): EvaluationReport['findings'] {
  const column = (name: string): number[] =>
    songs.map(({ values }) => values[name]).filter((value): value is number => typeof value === 'number');
  const equalShare = (ours: 'shared' | 'alone'): number => {
    const counts = recordings.map((recording) => countEqualCodes(recording[ours], recording.reference));
    const of = (key: 'equal' | 'codes'): number => counts.reduce((sum, count) => sum + count[key], 0);
    return (100 * of('equal')) / of('codes');
  };
  const percent = { unit: '%', digits: 2 } as const;
  return [
    {
      what: 'codes equal, of shared samples',
      value: equalShare('shared'),
      ...percent,
      anchor: { method: 'fpcalc', value: 100 },
      goal: { least: 99.9 },
    },
    {
      what: 'codes equal, alone with the file',
      value: equalShare('alone'),
      ...percent,
      goal: { least: 99.9 },
    },
    ...ENCODINGS.map(({ name }) => ({
      what: `bit errors of ${name}, worst`,
      value: Math.max(...column(name)),
      ...percent,
      goal: { most: 5 },
    })),
    {
      what: 'encoded again, matched as the same',
      value: shareOf(
        recordings.flatMap(({ shared, encoded }) => encoded.map((codes) => [shared, codes] as const)),
        'same',
      ),
      ...percent,
      goal: { least: 100 },
    },
    ...(songs.length < 2
      ? []
      : [
          {
            what: 'bit errors of different recordings, nearest two',
            value: Math.min(...column('nearest other')),
            ...percent,
            goal: { least: 40 },
          },
          {
            what: 'different recordings, matched as different',
            value: shareOf(
              recordings.flatMap((a, index) =>
                recordings.slice(index + 1).map((b) => [a.shared, b.shared] as const),
              ),
              'different',
            ),
            ...percent,
            goal: { least: 100 },
          },
        ]),
  ];
}

/** Per cent of pairs of which `backfill match` says so. */
function shareOf(
  pairs: readonly (readonly [Uint32Array, Uint32Array])[],
  verdict: 'same' | 'different',
): number {
  return (100 * pairs.filter(([a, b]) => matchFingerprints(a, b).verdict === verdict).length) / pairs.length;
}
