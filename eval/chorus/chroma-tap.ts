import type { SampleAlgorithm } from '../../src/algorithms/algorithm.ts';
import { chorus } from '../../src/algorithms/chorus/chorus.ts';
import { CHROMA_COUNT, FeatureExtractor, FRAME_RATE } from '../../src/algorithms/chorus/features.ts';

/** Chroma, row by row. */
export interface Chromagram {
  readonly rows: Float32Array;
  /** Values in a row. */
  readonly width: number;
  /** Rows a second. */
  readonly rate: number;
}

/** What the chorus algorithm hears of harmony, for pictures. */
export class ChromaTap {
  /** Of the track heard last. */
  chromagram: Chromagram | undefined;

  /** Hears what {@link chorus} hears; its row is empty. */
  readonly algorithm: SampleAlgorithm = {
    ...chorus,
    name: 'chroma-tap',
    columns: [],
    present: () => ({}),
    open: async () => {
      this.chromagram = undefined;
      const extractor = await FeatureExtractor.create();
      return {
        write: (samples) => extractor.write(samples as Float32Array),
        finish: () => {
          this.chromagram = { rows: extractor.finish().chroma, width: CHROMA_COUNT, rate: FRAME_RATE };
          return {};
        },
      };
    },
  };
}
