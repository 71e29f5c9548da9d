import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvRecord } from '../../src/manifest/csv.ts';
import { decodeFrame, decodeRowsOf } from '../../src/plan/plan-rows.ts';
import { numRuns } from '../property-settings.ts';

const COLUMNS = ['track_id', 'audio_uri', 'duration_s', 'lyrics_uri', 'note', 'backfill_algorithms'];

/** A field: plain as a rule, now and then with what has to be quoted, and with what needs more than ASCII. */
const field = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', '7', ' ', 'é', '曲', '😀'), maxLength: 6 }),
  },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r'), maxLength: 4 }) },
);

const frames = fc
  .record({
    header: fc.shuffledSubarray(COLUMNS, { minLength: 1 }).filter((header) => header.includes('track_id')),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    endsWithFeed: fc.boolean(),
  })
  .chain(({ header, lineEnd, endsWithFeed }) =>
    fc.record({
      header: fc.constant(header),
      rows: fc.array(
        fc.tuple(...header.map((name) => (name === 'track_id' ? field.filter((id) => id !== '') : field))),
        {
          maxLength: 12,
        },
      ),
      lineEnd: fc.constant(lineEnd),
      endsWithFeed: fc.constant(endsWithFeed),
    }),
  );

function frameOf(rows: readonly (readonly string[])[], lineEnd: string, endsWithFeed: boolean): Uint8Array {
  const text = rows.map((row) => csvRecord(row).slice(0, -1)).join(lineEnd);
  return zstdCompressSync(rows.length > 0 && endsWithFeed ? text + lineEnd : text);
}

it('gives of any frame the wanted tracks, as reading it all would', () =>
  fc.assert(
    fc.property(frames, fc.func(fc.boolean()), ({ header, rows, lineEnd, endsWithFeed }, isWanted) => {
      const frame = frameOf(rows, lineEnd, endsWithFeed);
      const all = decodeFrame(frame, header, rows.length);
      const wanted = new Set(all.map(({ track }) => track.trackId).filter((id) => isWanted(id)));
      expect(decodeRowsOf(frame, header, rows.length, wanted)).toEqual(
        all.filter(({ track }) => wanted.has(track.trackId)),
      );
    }),
    { numRuns: numRuns(500) },
  ));

it('refuses a frame with another number of rows than its entry says, quoted or not', () => {
  for (const id of ['a', 'say "a"']) {
    const frame = frameOf([[id], ['b']], '\n', true);
    expect(() => decodeRowsOf(frame, ['track_id'], 3, new Set(['b']))).toThrow(
      "the plan's frame holds 2 rows where its entry says 3",
    );
  }
});
