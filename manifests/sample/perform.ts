import { bass, pad, pluck } from './accompaniment.ts';
import { DRUMS } from './drums.ts';
import { flute, ONSET_SECONDS, voice } from './lead.ts';
import { master } from './master.ts';
import { type Mixer, openMixer, place } from './mixer.ts';
import { noiseFrom } from './random.ts';
import { reverberate } from './reverb.ts';
import type { Part, Song } from './song.ts';
import type { ChordSpan, Timeline } from './timeline.ts';

/** How loud each instrument is in each arrangement; 0 leaves it out. */
const BALANCE: Readonly<
  Record<
    Part['arrangement'],
    { lead: number; pad: number; pluck: number; bass: number; drums: number; brightness: number }
  >
> = {
  sparse: { lead: 0.8, pad: 0.11, pluck: 0.12, bass: 0, drums: 0.3, brightness: 1200 },
  light: { lead: 0.85, pad: 0.08, pluck: 0, bass: 0.22, drums: 0.35, brightness: 1000 },
  full: { lead: 1.05, pad: 0.14, pluck: 0.18, bass: 0.34, drums: 0.6, brightness: 2600 },
};
const DRUM_MIX = {
  kick: { gain: 0.9, pan: 0, reverb: 0.02 },
  snare: { gain: 0.7, pan: 0.1, reverb: 0.25 },
  hat: { gain: 0.45, pan: -0.35, reverb: 0.05 },
  crash: { gain: 0.4, pan: 0.4, reverb: 0.3 },
} as const;

/** Plays a song at its file's rate: the samples of each of its channels, the same on every run. */
export function perform(song: Song, timeline: Timeline): Float32Array[] {
  const { sampleRate, channels } = song.audio;
  const mixer = openMixer(timeline.durationSeconds, sampleRate);
  playLead(mixer, song, timeline);
  for (const span of timeline.chords) playChord(mixer, span, timeline.secondsPerBeat);
  playDrums(mixer, song, timeline);
  const room = reverberate(mixer.send, sampleRate);
  const { left, right } = mixer.dry;
  for (let i = 0; i < left.length; i++) {
    left[i] = (left[i] ?? 0) + (room.left[i] ?? 0);
    right[i] = (right[i] ?? 0) + (room.right[i] ?? 0);
  }
  const mix = channels === 1 ? [left.map((sample, i) => (sample + (right[i] ?? 0)) / 2)] : [left, right];
  return master(mix, sampleRate);
}

function playLead(mixer: Mixer, song: Song, timeline: Timeline): void {
  const noise = noiseFrom(`${song.trackId} lead`);
  const lead = song.lead === 'voice' ? voice : flute;
  for (const [index, note] of timeline.melody.entries()) {
    const samples = lead(
      {
        midi: note.midi,
        seconds: note.endSeconds - note.startSeconds,
        previousMidi: note.opensPhrase ? undefined : timeline.melody[index - 1]?.midi,
        syllable: index,
      },
      mixer.sampleRate,
      noise,
    );
    place(mixer, samples, {
      seconds: note.startSeconds - ONSET_SECONDS,
      gain: BALANCE[arrangementAt(timeline, note.startSeconds)].lead,
      pan: 0,
      reverb: 0.12,
    });
  }
}

function playChord(mixer: Mixer, span: ChordSpan, secondsPerBeat: number): void {
  const { sampleRate } = mixer;
  const balance = BALANCE[span.arrangement];
  const seconds = span.endSeconds - span.startSeconds;
  for (const midi of span.chord.voicing) {
    for (const side of [-1, 1]) {
      const samples = pad(midi, seconds, side * 4, balance.brightness, sampleRate);
      place(mixer, samples, { seconds: span.startSeconds, gain: balance.pad, pan: side * 0.8, reverb: 0.2 });
    }
  }
  const half = secondsPerBeat / 2;
  const noise = noiseFrom(`pluck ${span.startSeconds}`);
  for (let step = 0; step < Math.round(seconds / half); step++) {
    const at = span.startSeconds + step * half;
    if (balance.pluck > 0) {
      const midi = 12 + (span.chord.voicing[[0, 2, 1, 2][step % 4] ?? 0] ?? 60);
      const samples = pluck(midi, 2 * half, sampleRate, noise);
      place(mixer, samples, {
        seconds: at,
        gain: balance.pluck,
        pan: step % 2 === 0 ? -0.6 : 0.6,
        reverb: 0.2,
      });
    }
    // Eighths in the chorus, halves in the verse.
    const everySteps = span.arrangement === 'full' ? 1 : 4;
    if (balance.bass > 0 && step % everySteps === 0) {
      const samples = bass(span.chord.bass, everySteps * half * 0.95, sampleRate);
      place(mixer, samples, { seconds: at, gain: balance.bass, pan: 0, reverb: 0 });
    }
  }
}

function playDrums(mixer: Mixer, song: Song, timeline: Timeline): void {
  const noise = noiseFrom(`${song.trackId} drums`);
  for (const hit of timeline.hits) {
    const { gain, pan, reverb } = DRUM_MIX[hit.drum];
    const level = gain * BALANCE[arrangementAt(timeline, hit.seconds)].drums;
    place(mixer, DRUMS[hit.drum](mixer.sampleRate, noise), {
      seconds: hit.seconds,
      gain: level,
      pan,
      reverb,
    });
  }
}

function arrangementAt(timeline: Timeline, seconds: number): Part['arrangement'] {
  return timeline.sections.find((section) => seconds < section.endSeconds - 1e-9)?.arrangement ?? 'sparse';
}
