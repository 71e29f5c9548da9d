/**
 * Songs with a known melody for the pitch algorithm. A data folder holds
 * - `ultrastar*` folders: `<song>/audio.*` and `truth.json`, whose `notes` are [start s, end s, MIDI, ...];
 * - `pop909*` folders: `<song>.mid` with `<song>.json`, whose `melody` is [start s, end s, MIDI]. MIDI is
 *   rendered with fluidsynth, its melody played by a voice or a lead.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withProgram } from './midi-program.ts';
import type { TruthNote } from './pitch-scores.ts';

export interface MelodySong {
  readonly name: string;
  /** Interleaved stereo samples at 16 kHz. */
  readonly samples: Float32Array;
  readonly notes: readonly TruthNote[];
  /** Seconds by which the notes come too early against the audio. */
  readonly lag: number;
}

/** UltraStar editors set notes ahead of the audio's own time by about this much. */
const ULTRASTAR_LAG = 0.06;
/** General MIDI: choir aahs, voice oohs, synth voice, calliope lead, voice lead. */
const MELODY_PROGRAMS = [53, 52, 54, 82, 85];

/** The songs sung by people. */
export function* ultrastarSongs(data: string): Generator<MelodySong> {
  for (const folder of foldersOf(data, 'ultrastar')) {
    for (const name of readdirSync(folder).toSorted()) {
      const audio = readdirSync(join(folder, name)).find((file) => file.startsWith('audio.'));
      if (audio === undefined) continue;
      const truth = JSON.parse(readFileSync(join(folder, name, 'truth.json'), 'utf8')) as {
        notes: TruthNote[];
      };
      yield { name, samples: decode(join(folder, name, audio)), notes: truth.notes, lag: ULTRASTAR_LAG };
    }
  }
}

/** The first `count` songs of each folder of MIDI files. */
export function* renderedMelodies(
  data: string,
  count: number,
  soundfont = '/usr/share/sounds/sf2/FluidR3_GM.sf2',
): Generator<MelodySong> {
  const scratch = mkdtempSync(join(tmpdir(), 'eval-pitch-'));
  try {
    for (const folder of foldersOf(data, 'pop909')) {
      const files = readdirSync(folder).filter((name) => name.endsWith('.mid'));
      for (const [index, file] of files.toSorted().slice(0, count).entries()) {
        const midi = join(scratch, 'song.mid');
        const wave = join(scratch, 'song.wav');
        const program = MELODY_PROGRAMS[index % MELODY_PROGRAMS.length] as number;
        writeFileSync(midi, withProgram(readFileSync(join(folder, file)), 'MELODY', program));
        const options = ['-ni', '-q', '-g', '0.6', '-r', '44100', '-F', wave, soundfont, midi];
        execFileSync('fluidsynth', options, { stdio: 'ignore' });
        const truth = JSON.parse(readFileSync(join(folder, file.replace(/mid$/, 'json')), 'utf8')) as {
          melody: TruthNote[];
        };
        const name = `${file} program ${program}`;
        yield { name, samples: decode(wave), notes: truth.melody, lag: 0 };
      }
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function foldersOf(data: string, prefix: string): string[] {
  const names = readdirSync(data).filter((name) => name.startsWith(prefix));
  return names.toSorted().map((name) => join(data, name));
}

function decode(file: string): Float32Array {
  const options = ['-v', 'error', '-i', file, '-f', 'f32le', '-ar', '16000', '-ac', '2', '-'];
  const bytes = execFileSync('ffmpeg', options, { maxBuffer: 2 ** 31 - 1 });
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~7)));
}
