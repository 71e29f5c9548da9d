import type {
  Anchor,
  Column,
  Evaluation,
  EvaluationContext,
  EvaluationReport,
  Finding,
  Goal,
  SongRow,
  SongTable,
} from './harness/evaluation.ts';
import { Unavailable } from './harness/evaluation.ts';
import { meanRow } from './harness/report.ts';
import { Synthesiser } from './data/synthesiser.ts';
import { FIRST_TRY, MELODIA, SOLO_ANCHORS, SOLO_MELODIA, SUNG_ANCHORS } from './pitch/anchors.ts';
import { type MelodySong, type ScoredMelody, scoreSong } from './pitch/score-song.ts';
import { rca50VoicedAt } from './pitch/voicing-curve.ts';
import { median } from '../bench/harness/paired.ts';
import { contourPlot } from './plots/contour-plot.ts';

/** Charts of UltraStar stand ahead of their recordings by about this much. */
const ULTRASTAR_LAG = 0.06;
/** Songs whose melody is also rendered by itself. */
const SOLO_SONGS = 6;
/** Share of false alarms at which recall is read, per cent. */
const FALSE_ALARMS = 30;

const COLUMNS: readonly Column[] = [
  { name: 'RCA50' },
  { name: 'RCA100' },
  { name: 'RPA' },
  { name: 'RPA 8va' },
  { name: '8va', digits: 0 },
  { name: 'VR' },
  { name: 'VFA' },
  { name: 'RCA50v' },
  { name: 'note F1', digits: 3 },
  { name: 'CPU s', digits: 2 },
];

/** The sung melody: contour and notes. */
export const pitchEvaluation: Evaluation = {
  name: 'pitch',
  summary: 'the sung melody against charts of songs, and of songs rendered with a voice or a lead',
  async run(context: EvaluationContext): Promise<EvaluationReport> {
    const sung = await scoreAll(sungMelodies(context), context);
    const notes: string[] = [];
    let rendered: readonly ScoredMelody[] = [];
    let solo: readonly ScoredMelody[] = [];
    try {
      rendered = await scoreAll(renderedMelodies(context, 'song'), context);
      solo = await scoreAll(renderedMelodies(context, 'melody'), context);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      notes.push(`rendered songs are left out: ${error.message}`);
    }
    const scored = [...sung, ...rendered, ...solo];
    if (scored.length === 0) throw new Unavailable(['there is no song with a melody', ...notes].join('; '));
    const tables = [
      songTable('sung', sung, SUNG_ANCHORS),
      songTable('rendered', rendered, []),
      songTable('melody alone', solo, SOLO_ANCHORS),
    ];
    return {
      findings: [
        ...sungFindings(tables[0], sung),
        ...renderedFindings(tables[1]),
        ...soloFindings(tables[2]),
      ],
      tables: tables.filter(({ songs }) => songs.length > 0),
      notes: [
        ...notes,
        ...scored.flatMap(({ failures }) => failures),
        'sung: charts of UltraStar stand in arbitrary octaves, so that RPA says little; RPA 8va shifts each chart by',
        `the octaves, 8va, that suit it best. Their notes are shifted by ${ULTRASTAR_LAG} s, rendered ones are not.`,
        'CPU s: of this process, after decoding, for 240 s',
      ],
    };
  },
};

async function* sungMelodies({ material }: EvaluationContext): AsyncGenerator<MelodySong> {
  for (const { name, audio, truth } of material.sungSongs) {
    if (truth.notes.length > 0) yield { name, audio, notes: truth.notes, lag: ULTRASTAR_LAG };
  }
}

async function* renderedMelodies(
  { material, scratch }: EvaluationContext,
  part: 'song' | 'melody',
): AsyncGenerator<MelodySong> {
  const songs = material.midiSongs.filter(({ truth }) => truth.melody.length > 0);
  if (songs.length === 0) return;
  const synthesiser = await Synthesiser.find(scratch);
  const wanted = part === 'song' ? songs : songs.slice(0, SOLO_SONGS);
  for await (const { song, audio, singer } of synthesiser.render(wanted, part)) {
    const name = `${song.name}${part === 'song' ? '' : ' alone'}, ${singer}`;
    yield { name, audio, notes: song.truth.melody, lag: 0 };
  }
}

async function scoreAll(
  songs: AsyncIterable<MelodySong>,
  context: EvaluationContext,
): Promise<readonly ScoredMelody[]> {
  const all: ScoredMelody[] = [];
  for await (const song of songs) {
    context.say(song.name);
    const scored = await scoreSong(song, context);
    const { truth, hop, contour, notes } = scored;
    await context.draw?.(`pitch-${song.name}`, contourPlot(scored));
    await context.keepArrays?.(`pitch-${song.name}`, {
      hop,
      lag: song.lag,
      truth: [...truth],
      pitches: [...contour.pitches],
      voiced: [...contour.voiced],
      trueNotes: song.notes.map(([start, end, midi]) => [start, end, midi]),
      notes,
    });
    all.push(scored);
  }
  return all;
}

function songTable(title: string, songs: readonly ScoredMelody[], anchors: readonly SongRow[]): SongTable {
  const rows = songs.map(({ song, score, noteF1, cpuSeconds }) => ({
    name: song.name,
    values: {
      RCA50: score.rca50,
      RCA100: score.rca100,
      RPA: score.rpa,
      'RPA 8va': score.rpaShifted,
      '8va': score.octaves,
      VR: score.voicingRecall,
      VFA: score.voicingFalseAlarms,
      RCA50v: score.rca50Voiced,
      'note F1': noteF1,
      'CPU s': cpuSeconds,
    },
  }));
  const averaged = COLUMNS.filter(({ name }) => name !== '8va');
  return { title, columns: COLUMNS, songs: rows, totals: [meanRow(averaged, rows), ...anchors] };
}

function sungFindings(table: SongTable | undefined, songs: readonly ScoredMelody[]): Finding[] {
  if (table === undefined || songs.length === 0) return [];
  const melodia = (measure: keyof typeof MELODIA, remark = ''): Anchor => ({
    method: `Melodia, six songs${remark}`,
    value: MELODIA[measure],
  });
  const share = shareOf(table, 'sung');
  return [
    { ...share('RCA50', { least: 70 }), anchor: melodia('RCA50') },
    { ...share('RCA50v', { least: 60 }), anchor: melodia('RCA50v', `, at VFA ${MELODIA.VFA}`) },
    { ...share('VFA', { most: FALSE_ALARMS }), anchor: melodia('VFA') },
    {
      what: `sung: RCA50v were VFA ${FALSE_ALARMS} %`,
      value: rca50VoicedAt(FALSE_ALARMS, songs),
      unit: '%',
      digits: 1,
      anchor: { method: `harmonic sum, first try, at VFA ${FIRST_TRY.VFA}`, value: FIRST_TRY.RCA50v },
    },
    share('VR'),
    share('RPA'),
    share('RPA 8va', { least: 55 }),
    noteFinding(table, 'sung', { least: 0.5 }),
    {
      what: 'sung: CPU a track after decoding, median',
      value: median(songs.flatMap(({ cpuSeconds }) => cpuSeconds ?? [])),
      unit: 's',
      digits: 2,
      anchor: melodia('CPU s'),
      goal: { most: 2 },
    },
  ];
}

function renderedFindings(table: SongTable | undefined): Finding[] {
  if (table === undefined || table.songs.length === 0) return [];
  const share = shareOf(table, 'rendered');
  return [
    share('RPA', { least: 55 }),
    share('RCA50'),
    share('VR'),
    share('VFA'),
    share('RCA50v'),
    noteFinding(table, 'rendered'),
  ];
}

function soloFindings(table: SongTable | undefined): Finding[] {
  if (table === undefined || table.songs.length === 0) return [];
  const finding = shareOf(table, 'melody alone')('RPA', { least: 96 });
  return [{ ...finding, anchor: { method: 'Melodia, one solo voice', value: SOLO_MELODIA.RPA } }];
}

function shareOf(table: SongTable, group: string): (measure: string, goal?: Goal) => Finding {
  return (measure, goal) => ({
    what: `${group}: ${measure}`,
    value: total(table, measure),
    unit: '%',
    digits: 1,
    ...(goal === undefined ? {} : { goal }),
  });
}

function noteFinding(table: SongTable, group: string, goal?: Goal): Finding {
  return {
    what: `${group}: notes, onset within 100 ms and pitch class, F1`,
    value: total(table, 'note F1'),
    unit: 'F',
    digits: 3,
    ...(goal === undefined ? {} : { goal }),
  };
}

/** The mean of a column. */
function total({ totals }: SongTable, column: string): number {
  return (totals[0]?.values[column] as number | undefined) ?? Number.NaN;
}
