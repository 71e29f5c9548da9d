import { shortNames } from './data/material.ts';
import {
  type Column,
  type Evaluation,
  type EvaluationContext,
  type EvaluationReport,
  type Finding,
  type SongRow,
  Unavailable,
} from './harness/evaluation.ts';
import { meanRow } from './harness/report.ts';
import { type TranscodedRecording, transcodeRecording } from './transcode/transcoded-recording.ts';

/** Renditions, and the loudness that is measured beside them. */
export const transcodeEvaluation: Evaluation = {
  name: 'transcode',
  summary: 'renditions against their sources, loudness against ffmpeg run apart',
  async run(context: EvaluationContext): Promise<EvaluationReport> {
    const { audioFiles, folder } = context.material;
    if (audioFiles.length === 0) throw new Unavailable('there is no audio file');
    const names = shortNames(audioFiles, folder);
    const recordings: TranscodedRecording[] = [];
    for (const [index, path] of audioFiles.entries()) {
      const name = names[index] ?? path;
      context.say(name);
      recordings.push(await transcodeRecording(name, path, context));
    }
    const columns = columnsOf(recordings);
    const songs = recordings.map(songRow);
    return {
      findings: findings(recordings),
      tables: [{ title: 'recording', columns, songs, totals: [meanRow(columns, songs)] }],
      notes: [
        ...recordings.flatMap(({ failures }) => failures),
        'by rendition: per cent by which the whole file is off its bit rate; played off: seconds, worst rendition,',
        'all of it decoded; loudness, range and peak: LU, LU and dB off ffmpeg -af ebur128=peak=true',
      ],
    };
  },
};

function columnsOf(recordings: readonly TranscodedRecording[]): Column[] {
  const lossy = recordings.flatMap(({ renditions }) =>
    renditions.filter(({ fileBitrateOff }) => fileBitrateOff !== undefined).map(({ name }) => name),
  );
  return [
    ...[...new Set(lossy)].map((name) => ({ name, digits: 2 })),
    { name: 'played off', digits: 3 },
    { name: 'FLAC' },
    { name: 'loudness', digits: 2 },
    { name: 'range', digits: 2 },
    { name: 'peak', digits: 2 },
  ];
}

function songRow({ name, renditions, ...offs }: TranscodedRecording): SongRow {
  const exact = renditions.map((rendition) => rendition.exact).filter((one) => one !== undefined);
  return {
    name,
    values: {
      ...Object.fromEntries(renditions.map((rendition) => [rendition.name, rendition.fileBitrateOff])),
      'played off': worst(renditions.map(({ secondsOff }) => secondsOff)),
      FLAC: exact.length === 0 ? '' : exact.every(Boolean) ? 'exact' : 'differs',
      loudness: offs.loudnessOff,
      range: offs.rangeOff,
      peak: offs.truePeakOff,
    },
  };
}

function findings(recordings: readonly TranscodedRecording[]): Finding[] {
  const renditions = recordings.flatMap((recording) => recording.renditions);
  const lossless = renditions.filter(({ exact }) => exact !== undefined);
  return [
    {
      what: 'recordings transcoded',
      value: (100 * recordings.filter(({ failures }) => failures.length === 0).length) / recordings.length,
      unit: '%',
      digits: 1,
      goal: { least: 100 },
    },
    {
      what: 'bit rate of the file off its target, worst',
      value: worst(renditions.map(({ fileBitrateOff }) => fileBitrateOff)),
      unit: '%',
      digits: 2,
      goal: { most: 5 },
    },
    {
      what: 'bit rate of the audio alone, worst',
      value: worst(renditions.map(({ audioBitrateOff }) => audioBitrateOff)),
      unit: '%',
      digits: 2,
      goal: { most: 5 },
    },
    {
      what: 'duration as played, off the source, worst',
      value: worst(renditions.map(({ secondsOff }) => secondsOff)),
      unit: 's',
      digits: 3,
      goal: { most: 0.05 },
    },
    {
      what: 'duration as stated, off the source, worst',
      value: worst(renditions.map(({ statedSecondsOff }) => statedSecondsOff)),
      unit: 's',
      digits: 3,
      goal: { most: 0.05 },
    },
    {
      what: 'FLAC with the samples of the source',
      value: (100 * lossless.filter(({ exact }) => exact).length) / lossless.length,
      unit: '%',
      digits: 1,
      goal: { least: 100 },
    },
    {
      what: 'integrated loudness off, worst',
      value: worst(recordings.map(({ loudnessOff }) => loudnessOff)),
      unit: 'LU',
      digits: 2,
      goal: { most: 0.1 },
    },
  ];
}

/** The largest deviation, whatever its sign; NaN, which reaches no goal, where nothing was measured. */
function worst(values: readonly (number | undefined)[]): number {
  const measured = values.filter((value) => value !== undefined);
  return measured.length === 0 ? Number.NaN : Math.max(...measured.map(Math.abs));
}
