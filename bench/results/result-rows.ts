/** Rows as the algorithms leave them of a catalogue: values of the real ones' size, digits and variety. */
import type { Row } from '../../src/results/columns.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What the 48 recordings of the benchmarks have: four to ten sections. */
const SECTIONS = { low: 4, high: 10 };
/** Bytes of a compressed fingerprint of 120 s of music: 948 codes. */
const FINGERPRINT_BYTES = { low: 1900, high: 2500 };

export const ROW_MAKERS: Readonly<Record<'chorus' | 'fingerprint', (random: SeededRandom) => Row>> = {
  chorus: (random) => {
    const start = random.between(20_000, 120_000);
    return {
      start_s: start / 1000,
      end_s: (start + random.between(10_000, 30_000)) / 1000,
      confidence: Math.fround(random.between(0, 1000) / 1000),
      sections: sections(random),
    };
  },
  fingerprint: (random) => ({
    fingerprint: bytes(random, random.between(FINGERPRINT_BYTES.low, FINGERPRINT_BYTES.high)),
    duration_s: random.between(90_000, 400_000) / 1000,
  }),
};

function sections(random: SeededRandom): Row[] {
  let time = random.between(0, 15_000);
  return Array.from({ length: random.between(SECTIONS.low, SECTIONS.high) }, () => {
    const start = time;
    time += random.between(8_000, 40_000);
    const label = ['chorus', 'A', 'B', 'C'][random.between(0, 3)] ?? 'A';
    return { label, start_s: start / 1000, end_s: time / 1000 };
  });
}

/** As good as random, which is what compressed codes are. */
function bytes(random: SeededRandom, length: number): Uint8Array {
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, () => random.bits());
  return new Uint8Array(words.buffer, 0, length);
}
