/**
 * Labelled songs for the chorus algorithm. A data folder holds
 * - `ultrastar-dev/<song>/` with `audio.*` and `truth.json`: `chorus`, occurrences as [start s, end s] or
 *   null, and `notes` as [start s, end s, MIDI, syllable, line];
 * - `pop909-dev/<song>.mid` with `<song>.json`: two annotators' sections as [label, start s, end s]. MIDI is
 *   rendered with fluidsynth, its melody played by a voice or a lead.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withProgram } from './midi-program.ts';

export type Span = readonly [start: number, end: number];
export type Section = readonly [label: string, start: number, end: number];
type Note = readonly [start: number, end: number, midi: number, syllable: string, line: number];

/** A song with singing. */
export interface SungSong {
  readonly name: string;
  /** Interleaved stereo samples at 16 kHz. */
  readonly samples: Float32Array;
  /** Occurrences of the chorus; empty where there is none. */
  readonly choruses: readonly Span[];
  /** The same from the first line on whose words come in another occurrence as well. */
  readonly refrains: readonly Span[];
}

/** A song rendered from MIDI. */
export interface RenderedSong {
  readonly name: string;
  readonly samples: Float32Array;
  /** By annotator. */
  readonly annotations: readonly (readonly Section[])[];
}

export function* sungSongs(data: string): Generator<SungSong> {
  const folder = join(data, 'ultrastar-dev');
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const audio = readdirSync(join(folder, name)).find((file) => file.startsWith('audio.'));
    if (audio === undefined) continue;
    const truth = JSON.parse(readFileSync(join(folder, name, 'truth.json'), 'utf8')) as {
      chorus: Span[] | null;
      notes: Note[];
    };
    const choruses = truth.chorus ?? [];
    const samples = decode(join(folder, name, audio));
    yield { name, samples, choruses, refrains: refrainsOf(choruses, truth.notes) };
  }
}

export function* renderedSongs(
  data: string,
  soundfont = '/usr/share/sounds/sf2/FluidR3_GM.sf2',
): Generator<RenderedSong> {
  const folder = join(data, 'pop909-dev');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.mid')) : [];
  // General MIDI: voices, leads and winds, one song after another.
  const programs = [53, 80, 52, 66, 81, 73];
  const scratch = mkdtempSync(join(tmpdir(), 'eval-chorus-'));
  try {
    for (const [index, file] of files.entries()) {
      const midi = join(scratch, 'song.mid');
      const wave = join(scratch, 'song.wav');
      const program = programs[index % programs.length] as number;
      writeFileSync(midi, withProgram(readFileSync(join(folder, file)), 'MELODY', program));
      const options = ['-ni', '-q', '-g', '0.6', '-r', '44100', '-F', wave, soundfont, midi];
      execFileSync('fluidsynth', options, { stdio: 'ignore' });
      const name = file.replace('.mid', '');
      const truth = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as {
        sections_annotator1: Section[];
        sections_annotator2: Section[];
      };
      const annotations = [truth.sections_annotator1, truth.sections_annotator2];
      yield { name, samples: decode(wave), annotations };
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function decode(file: string): Float32Array {
  const options = ['-v', 'error', '-i', file, '-f', 'f32le', '-ar', '16000', '-ac', '2', '-'];
  const bytes = execFileSync('ffmpeg', options, { maxBuffer: 2 ** 31 - 1 });
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~7)));
}

function refrainsOf(choruses: readonly Span[], notes: readonly Note[]): Span[] {
  const lines: { start: number; words: string }[] = [];
  for (const [i, [start, , , syllable, line]] of notes.entries()) {
    if (i === 0 || notes[i - 1]?.[4] !== line) lines.push({ start, words: '' });
    const last = lines.at(-1);
    if (last !== undefined) last.words += syllable.toLowerCase().replaceAll(/[^\p{L}]/gu, '');
  }
  const within = choruses.map(([start, end]) =>
    lines.filter((line) => line.start >= start - 0.1 && line.start < end),
  );
  return choruses.map(([start, end], i) => {
    const others = new Set(within.flatMap((found, j) => (j === i ? [] : found.map((line) => line.words))));
    return [within[i]?.find((line) => others.has(line.words))?.start ?? start, end];
  });
}
