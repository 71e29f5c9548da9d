import type { SampleAlgorithm } from '../../src/algorithms/algorithm.ts';
import { CentreFrames } from '../../src/algorithms/pitch/centre-frames.ts';
import { type Melody, traceMelody } from '../../src/algorithms/pitch/melody.ts';
import { MelodyFeatures } from '../../src/algorithms/pitch/melody-features.ts';
import { pitch } from '../../src/algorithms/pitch/pitch.ts';
import { WINDOW } from '../../src/algorithms/pitch/pitch-grid.ts';
import { realFft } from '../../src/audio/fft.ts';

/**
 * What the pitch algorithm keeps to itself: the pitch that it would give to frames which it calls unsung, and how
 * sure it is of either. Chroma accuracy whatever the voicing is asked of the former, as mir_eval does.
 */
export class MelodyTap {
  /** Of the track heard last. */
  melody: Melody | undefined;

  /** Hears what {@link pitch} hears; its row is empty. */
  readonly algorithm: SampleAlgorithm = {
    ...pitch,
    name: 'melody-tap',
    columns: [],
    present: () => ({}),
    open: async () => {
      this.melody = undefined;
      const features = new MelodyFeatures();
      const frames = new CentreFrames(await realFft(WINDOW), (spectrum) => features.add(spectrum));
      return {
        write: (samples) => frames.write(samples),
        finish: () => {
          frames.end();
          this.melody = traceMelody(features);
          return {};
        },
      };
    },
  };
}
