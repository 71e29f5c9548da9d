import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatedBlocks } from '../../../src/algorithms/chorus/lyric-blocks.ts';
import { type LyricLine, timedLines } from '../../../src/algorithms/chorus/lyric-lines.ts';
import { sungExcerpts } from '../../../src/algorithms/chorus/sung-excerpts.ts';

const LIMITS = { shortest: 10, longest: 30, leadIn: 1, duration: 240 };

/** Lines of four seconds, one letter of the pattern each; a dot is a line of its own. */
function song(pattern: string, seconds = 4): LyricLine[] {
  const words: Record<string, string> = {
    a: 'carry me over the river tonight',
    b: 'where nobody knows my name',
    c: 'oh we will never grow old',
    d: 'until the morning is here',
  };
  // A verse's words are its own: four ideographs that no other line has.
  const verse = (index: number): string =>
    String.fromCodePoint(...[0, 1, 2, 3].map((at) => 0x4e00 + 4 * index + at));
  return [...pattern].map((letter, index) => ({
    start: index * seconds,
    end: (index + 1) * seconds,
    text: words[letter] ?? verse(index),
  }));
}

function blocksOf(pattern: string): [string, number][] {
  return repeatedBlocks(song(pattern)).map(({ first, behind, occurrences }) => [
    `${first}${pattern.slice(first, behind)}`,
    occurrences,
  ]);
}

describe('blocks of lyrics that come back', () => {
  it('are as long as they can be', () => {
    expect(blocksOf('..abc...abc.')).toEqual([
      ['2abc', 2],
      ['8abc', 2],
    ]);
  });

  it('are a refrain, and the refrain with what leads to it where that comes back too', () => {
    expect(blocksOf('dab...ab...dab')).toEqual([
      ['0dab', 2],
      ['1ab', 3],
      ['6ab', 3],
      ['11dab', 2],
      ['12ab', 3],
    ]);
  });

  it('end where their own repetition starts', () => {
    expect(blocksOf('.abab.')).toEqual([
      ['1ab', 2],
      ['3ab', 2],
    ]);
  });

  it('survive a misprint and other punctuation', () => {
    const lines = song('..abc..abc');
    const sung = lines.map((line, index) =>
      index === 8 ? { ...line, text: 'Where no body knows my nane!' } : line,
    );
    expect(repeatedBlocks(sung).map(({ first, behind }) => [first, behind])).toEqual([
      [2, 5],
      [7, 10],
    ]);
  });

  it('are a line that is sung over and over, however often', () => {
    const counts = repeatedBlocks(song('a'.repeat(200))).map(({ occurrences }) => occurrences);
    expect(Math.max(...counts)).toBe(200);
  });

  it('are none in words that never come back, nor in lines without letters', () => {
    expect(blocksOf('........')).toEqual([]);
    const marks = song('aaaa').map((line) => ({ ...line, text: '♪ ♪' }));
    expect(repeatedBlocks(marks)).toEqual([]);
  });

  it('hold lines that are sung elsewhere, whatever the song', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[abcd.]{0,40}$/), (pattern) => {
        for (const { first, behind, occurrences } of repeatedBlocks(song(pattern))) {
          const words = pattern.slice(first, behind);
          expect(words).toMatch(/^[abcd]+$/);
          expect(pattern.split(words).length).toBeGreaterThan(2);
          expect(occurrences).toBeGreaterThan(1);
        }
      }),
    );
  });
});

describe('excerpts by the lyrics', () => {
  it('start a second ahead of words that come back, and end with them', () => {
    expect(sungExcerpts(song('..abc...abc.'), LIMITS)).toEqual([
      { start: 7, end: 20, occurrences: 2 },
      { start: 31, end: 44, occurrences: 2 },
    ]);
  });

  it('are cut behind a line where the block is too long, and take lines in where it is short', () => {
    expect(sungExcerpts(song('..abcd...abcd', 9), LIMITS)[0]).toEqual({ start: 17, end: 45, occurrences: 2 });
    expect(sungExcerpts(song('..ab..ab..', 3), LIMITS)[0]).toEqual({ start: 5, end: 15, occurrences: 2 });
  });

  it('leave a catchword alone', () => {
    expect(sungExcerpts(song('..a...a...a'), LIMITS)).toEqual([]);
  });

  it('last as long as previews do, and stay in the track, whatever the lyrics', () => {
    const lines = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom('a', 'b', 'c', '.')), {
        maxLength: 60,
      })
      .map((gaps) => {
        let start = 0;
        const lettered = song(gaps.map(([, letter]) => letter).join(''));
        return lettered.map((line, index) => {
          const from = start;
          start += (gaps[index] as [number, string])[0] / 10;
          return { ...line, start: from, end: start };
        });
      });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 300 }), (words, duration) => {
        for (const { start, end } of sungExcerpts(words, { ...LIMITS, duration })) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(duration);
          expect(end - start).toBeGreaterThanOrEqual(Math.min(10, duration) - 1e-9);
          expect(end - start).toBeLessThanOrEqual(30 + 1e-9);
        }
      }),
    );
  });
});

describe('lines of an LRC file', () => {
  const linesOf = (text: string): LyricLine[] => timedLines(new TextEncoder().encode(text), undefined);

  it('come in order of time, once for each stamp, and end where the next starts', () => {
    expect(linesOf('[ti:song]\n[00:01.00][00:09.00]oh\n[00:05.00]my\n[00:08.00]\n')).toEqual([
      { start: 1, end: 5, text: 'oh' },
      { start: 5, end: 8, text: 'my' },
      { start: 9, end: 13, text: 'oh' },
    ]);
  });

  it('are the first of those with one stamp: a translation is not sung', () => {
    expect(linesOf('[00:01.00]夜の海\n[00:01.00]the sea at night\n').map(({ text }) => text)).toEqual([
      '夜の海',
    ]);
  });

  it('are none where there are more than lyrics have', () => {
    expect(linesOf(`${'[00:01.00]'.repeat(20_001)}oh\n`)).toEqual([]);
    expect(linesOf(`[00:01.00]oh\n[00:02.00]${'la '.repeat(1000)}\n`)).toEqual([]);
  });

  it('are none without times, and none of bytes that are no text', () => {
    expect(linesOf('la la\nla\n')).toEqual([]);
    expect(timedLines(Uint8Array.of(0, 1, 2, 255, 0), undefined)).toEqual([]);
  });
});
