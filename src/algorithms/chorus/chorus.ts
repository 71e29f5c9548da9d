import type { SampleAlgorithm } from '../algorithm.ts';
import type { JsonValue, Row } from '../../results/columns.ts';
import { FeatureExtractor, SAMPLE_RATE } from './features.ts';
import { timedLines } from './lyric-lines.ts';
import { findStructure } from './structure.ts';

/**
 * Where a preview should start: the chorus, found by what repeats, how alike its words sound, how the level changes
 * around it, and by lyrics with times where the track has them. See docs/algorithms/chorus.md.
 */
export const chorus: SampleAlgorithm = {
  name: 'chorus',
  version: '2',
  summary: 'the chorus, for previews, and the repeated sections of the song',
  columns: [
    { name: 'start_s', type: 'double', description: 'seconds: where the preview starts' },
    { name: 'end_s', type: 'double', description: 'seconds: where the preview ends, 10 to 30 s on' },
    {
      name: 'confidence',
      type: 'float',
      description: '0 (nothing comes back) to 1 (it does, and nowhere else is as likely)',
    },
    {
      name: 'by_lyrics',
      type: 'boolean',
      description: 'whether the times of lyrics told where the preview starts',
    },
    {
      name: 'sections',
      type: {
        list: {
          struct: [
            { name: 'label', type: 'string', description: 'chorus, or A, B, ... for what else repeats' },
            { name: 'start_s', type: 'double', description: 'seconds' },
            { name: 'end_s', type: 'double', description: 'seconds' },
          ],
        },
      },
      description: 'the repeated sections, in time order',
    },
  ],
  cost: { perTrackSeconds: 0.01, perAudioSecond: 0.001 },
  input: {
    kind: 'samples',
    format: { encoding: 'f32', sampleRate: SAMPLE_RATE, channels: 2 },
    minSeconds: 5,
    needsSound: true,
    lyrics: 'helpful',
  },
  async open({ lyrics, language }) {
    const lines = lyrics === undefined ? [] : timedLines(lyrics, language);
    const extractor = await FeatureExtractor.create();
    return {
      write: (samples) => extractor.write(samples as Float32Array),
      finish: ({ durationSeconds }) => {
        const features = extractor.finish();
        const { excerpt, confidence, byLyrics, sections } = findStructure(
          features,
          Math.min(durationSeconds, features.durationSeconds),
          lines,
        );
        return {
          start_s: milliseconds(excerpt.start),
          end_s: milliseconds(excerpt.end),
          confidence: Math.fround(Math.round(confidence * 1000) / 1000),
          by_lyrics: byLyrics,
          sections: sections.map(({ label, start, end }) => ({
            label,
            start_s: milliseconds(start),
            end_s: milliseconds(end),
          })),
        };
      },
    };
  },
  present: (row: Row) => ({
    start_s: row.start_s as number,
    end_s: row.end_s as number,
    // Stored in single precision: shown with the three digits it was rounded to.
    confidence: Math.round((row.confidence as number) * 1000) / 1000,
    by_lyrics: row.by_lyrics as boolean,
    sections: row.sections as JsonValue,
  }),
};

/** Rounded down, so that no time lies past the end of the track. */
function milliseconds(seconds: number): number {
  return Math.floor(seconds * 1000) / 1000;
}
