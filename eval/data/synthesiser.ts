/** MIDI made audible. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Unavailable } from '../harness/evaluation.ts';
import type { MidiSong } from './material.ts';
import { withProgram, withTrackAlone } from './midi-file.ts';

/** The track of a MIDI song that is sung. */
const MELODY_TRACK = 'MELODY';
/** Where Debian, Fedora and Arch put the soundfont. */
const SOUNDFONTS = [
  '/usr/share/sounds/sf2/FluidR3_GM.sf2',
  '/usr/share/soundfonts/FluidR3_GM.sf2',
  '/usr/share/soundfonts/FluidR3_GM2-2.sf2',
];
const PACKAGES = 'apt-get install -y fluidsynth fluid-soundfont-gm';

/** Programs of General MIDI that stand for a singer. As a piano among pianos no method finds the melody. */
const SINGERS = [
  { program: 52, name: 'choir aahs' },
  { program: 53, name: 'voice oohs' },
  { program: 54, name: 'synth voice' },
  { program: 80, name: 'square lead' },
  { program: 81, name: 'sawtooth lead' },
  { program: 82, name: 'calliope lead' },
  { program: 85, name: 'voice lead' },
] as const;

/** The one of them that is a single voice: what a melody alone is sung by. */
const SOLO_SINGER = SINGERS[1];

export interface RenderedSong {
  readonly song: MidiSong;
  /** A WAVE file; gone once the next song is asked for. */
  readonly audio: string;
  /** What plays the melody. */
  readonly singer: string;
}

/** Renders songs, each with its melody given to one of several voices and leads in turn: the same one every time. */
export class Synthesiser {
  readonly #soundfont: string;
  readonly #scratch: string;

  private constructor(soundfont: string, scratch: string) {
    this.#soundfont = soundfont;
    this.#scratch = scratch;
  }

  /** @throws Unavailable, naming the packages, where fluidsynth or its soundfont is missing */
  static async find(scratch: string): Promise<Synthesiser> {
    const folders = (process.env.PATH ?? '').split(delimiter);
    if ((await firstThatExists(folders.map((folder) => join(folder, 'fluidsynth')))) === undefined) {
      throw new Unavailable(`fluidsynth is not installed: ${PACKAGES}`);
    }
    const soundfont = await firstThatExists(SOUNDFONTS);
    if (soundfont === undefined) throw new Unavailable(`there is no ${SOUNDFONTS[0]}: ${PACKAGES}`);
    return new Synthesiser(soundfont, scratch);
  }

  /** Renders song after song, one ahead of the caller. `part`: all of the song, or its melody alone, sung by one voice. */
  async *render(songs: readonly MidiSong[], part: 'song' | 'melody' = 'song'): AsyncGenerator<RenderedSong> {
    let ahead: Promise<RenderedSong> | undefined;
    for (const [index, song] of songs.entries()) {
      const current = await (ahead ?? this.#renderOne(song, part));
      const next = songs[index + 1];
      ahead = next === undefined ? undefined : this.#renderOne(next, part);
      ahead?.catch(() => {}); // Thrown where it is awaited.
      try {
        yield current;
      } finally {
        await rm(current.audio);
      }
    }
  }

  async #renderOne(song: MidiSong, part: 'song' | 'melody'): Promise<RenderedSong> {
    const digest = createHash('sha256').update(song.name).digest();
    const [first] = SINGERS;
    const inTurn = SINGERS[digest.readUInt32BE() % SINGERS.length] ?? first;
    const singer = part === 'song' ? inTurn : SOLO_SINGER;
    const source = await readFile(song.midi);
    const sung = withProgram(source, MELODY_TRACK, singer.program);
    const stem = join(this.#scratch, digest.toString('hex').slice(0, 16));
    await writeFile(`${stem}.mid`, part === 'song' ? sung : withTrackAlone(sung, MELODY_TRACK));
    const audio = `${stem}.wav`;
    const options = ['-ni', '-q', '-g', '0.6', '-r', '44100', '-F', audio, this.#soundfont, `${stem}.mid`];
    await promisify(execFile)('fluidsynth', options);
    await rm(`${stem}.mid`);
    return { song, audio, singer: singer.name };
  }
}

async function firstThatExists(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}
