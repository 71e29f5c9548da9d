import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchFingerprints } from '../../../src/algorithms/fingerprint/match-fingerprints.ts';
import { seededRandom } from '../../fake-aws/batch/seeded-random.ts';
import { numRuns } from '../../property-settings.ts';

/** From one code to the next, in seconds: 1365 samples at 11,025 Hz. */
const CODE_SECONDS = 1365 / 11025;

/** Codes of so many, of a music that has nothing to do with that of another seed. */
function music(seed: number, length: number): Uint32Array {
  const random = seededRandom(seed);
  return Uint32Array.from({ length }, () => random() * 2 ** 32);
}

function joined(...parts: readonly Uint32Array[]): Uint32Array {
  return Uint32Array.from(parts.flatMap((part) => [...part]));
}

/** The codes with a share of their bits turned over. */
function damaged(codes: Uint32Array, share: number, seed: number): Uint32Array {
  const random = seededRandom(seed);
  return codes.map((code) => {
    let flips = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      if (random() < share) flips |= 1 << bit;
    }
    return code ^ flips;
  });
}

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

describe('a recording is found again', () => {
  it('however many codes later the other begins', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 850 }), (seed, late) => {
        const codes = music(seed, 900);
        const match = matchFingerprints(codes, codes.subarray(late));
        expect(match).toMatchObject({ verdict: 'same', score: 1, bitErrorRate: 0 });
        expect(match.offsetSeconds).toBeCloseTo(late * CODE_SECONDS, 9);
        expect(match.matchedSeconds).toBe(match.overlapSeconds);
        expect(match.stretches).toHaveLength(1);
      }),
      { numRuns: numRuns(30) },
    );
  });

  it('with a tenth of its bits wrong, inside another length, after something else', () => {
    const song = music(1, 900);
    const other = joined(music(2, 160), damaged(song.subarray(0, 600), 0.1, 3));
    const { verdict, offsetSeconds, bitErrorRate, stretches } = matchFingerprints(song, other);
    expect(verdict).toBe('same');
    expect(offsetSeconds).toBeCloseTo(-160 * CODE_SECONDS, 9);
    expect(bitErrorRate).toBeCloseTo(0.1, 2);
    expect(stretches).toHaveLength(1);
  });

  it('with pieces cut out of it, each side of a cut at an offset of its own', () => {
    const song = music(1, 900);
    const edit = joined(song.subarray(0, 200), song.subarray(350, 600), song.subarray(650));
    const { verdict, score, stretches } = matchFingerprints(song, edit);
    expect([verdict, score]).toEqual(['same', 1]);
    const starts = stretches.map(({ startASeconds, startBSeconds }) => [startASeconds, startBSeconds]);
    expect(starts.flat().map((seconds) => Math.round(seconds / CODE_SECONDS))).toEqual([
      0, 0, 350, 200, 650, 450,
    ]);
  });
});

describe('what is not the same recording', () => {
  it('is different, with nothing in common', () => {
    fc.assert(
      fc.property(seeds, seeds, (one, other) => {
        fc.pre(one !== other);
        const match = matchFingerprints(music(one, 900), music(other, 700));
        expect(match).toMatchObject({ verdict: 'different', score: 0, offsetSeconds: 0, stretches: [] });
        expect(match.bitErrorRate).toBeGreaterThan(0.4);
      }),
      { numRuns: numRuns(30) },
    );
  });

  it('is different though a signature tune is in both, and the tune is told', () => {
    const tune = music(1, 150);
    const match = matchFingerprints(joined(music(2, 50), tune, music(3, 700)), joined(tune, music(4, 750)));
    expect(match.verdict).toBe('different');
    expect(match.stretches).toHaveLength(1);
    expect(match.offsetSeconds).toBeCloseTo(50 * CODE_SECONDS, 9);
  });

  it('is different though both begin with the same silence', () => {
    const silence = new Uint32Array(300).fill(627964279);
    const match = matchFingerprints(joined(silence, music(1, 600)), joined(silence, music(2, 600)));
    expect(match).toMatchObject({ verdict: 'different', stretches: [] });
  });

  it('is different though the codes of both are mostly alike, as those of two noises are', () => {
    // Every bit is set in 15 % of the codes: two bits in four differ less than those of music do.
    const noise = (seed: number): Uint32Array => damaged(new Uint32Array(900), 0.15, seed);
    const match = matchFingerprints(noise(1), noise(2));
    expect(match.bitErrorRate).toBeLessThan(0.3);
    expect(match.verdict).toBe('different');
    expect(match.score).toBeLessThan(0.1);
  });
});

describe('what has too little in it is not decided', () => {
  it.each([
    ['nothing', new Uint32Array()],
    ['three seconds', music(1, 4)],
    ['a steady tone', new Uint32Array(900).fill(12345)],
    ['five codes over and over', Uint32Array.from({ length: 900 }, (_, index) => index % 5)],
  ])('%s, even beside itself', (_, codes) => {
    expect(matchFingerprints(codes, codes)).toMatchObject({ verdict: 'undecidable', score: 0 });
    expect(matchFingerprints(codes, music(2, 900)).verdict).toBe('undecidable');
  });
});

it('the order of the two changes the sign of the offset, and nothing else', () => {
  const piece = fc.record({
    seed: fc.constantFrom(1, 2, 3),
    start: fc.nat(300),
    length: fc.integer({ min: 30, max: 300 }),
  });
  const recording = fc
    .array(piece, { minLength: 1, maxLength: 4 })
    .map((pieces) =>
      joined(...pieces.map(({ seed, start, length }) => music(seed, 600).subarray(start, start + length))),
    );
  fc.assert(
    fc.property(recording, recording, (a, b) => {
      const [there, back] = [matchFingerprints(a, b), matchFingerprints(b, a)];
      expect(back.verdict).toBe(there.verdict);
      expect(back.score).toBeCloseTo(there.score, 9);
      expect(back.offsetSeconds + there.offsetSeconds).toBe(0);
      expect(back.stretches).toEqual(
        there.stretches.map(({ startASeconds, startBSeconds, ...rest }) => ({
          ...rest,
          startASeconds: startBSeconds,
          startBSeconds: startASeconds,
        })),
      );
    }),
    { numRuns: numRuns(60) },
  );
});
