import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLrc } from '../../../src/algorithms/lyrics/lrc.ts';
import { writeLrc } from '../../../src/algorithms/romanisation/lrc-writing.ts';

const lines = (source: string) => parseLrc(source).entries.filter((entry) => entry.kind === 'line');
const times = (source: string) => lines(source).flatMap((line) => line.times);

const two = (value: number) => String(value).padStart(2, '0');

/** A stamp in one of the forms of the wild, and the milliseconds it stands for. */
const stamp = fc
  .record({
    minutes: fc.integer({ min: 0, max: 99 }),
    seconds: fc.integer({ min: 0, max: 59 }),
    milliseconds: fc.integer({ min: 0, max: 999 }),
    form: fc.constantFrom('mm:ss', 'mm:ss.x', 'mm:ss.xx', 'mm:ss.xxx'),
  })
  .map(({ minutes, seconds, milliseconds, form }) => {
    const digits = form.length - 'mm:ss.'.length;
    const shown = digits > 0 ? String(milliseconds).padStart(3, '0').slice(0, digits) : '';
    return {
      raw: `[${two(minutes)}:${two(seconds)}${shown === '' ? '' : `.${shown}`}]`,
      milliseconds: (minutes * 60 + seconds) * 1000 + (shown === '' ? 0 : Number(shown.padEnd(3, '0'))),
    };
  });

describe('parseLrc', () => {
  it('keeps every time of every line, whatever form its stamps have', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.array(stamp, { minLength: 1, maxLength: 4 }), fc.constantFrom('愛', 'word', '')),
          {
            minLength: 1,
          },
        ),
        fc.constantFrom('\n', '\r\n', '\r'),
        (song, newline) => {
          const source = song
            .map(([stamps, text]) => stamps.map(({ raw }) => raw).join('') + text)
            .join(newline);
          const parsed = lines(source);
          expect(parsed.map(({ text }) => text)).toEqual(song.map(([, text]) => text));
          expect(parsed.map((line) => line.times.map((time) => Math.round(time * 1000)))).toEqual(
            song.map(([stamps]) => stamps.map(({ milliseconds }) => milliseconds)),
          );
        },
      ),
    );
  });

  it('moves all times by the offset, lyrics sooner for a positive one, never below zero', () => {
    fc.assert(
      fc.property(
        fc.array(stamp, { minLength: 1 }),
        fc.integer({ min: -5000, max: 5000 }),
        (stamps, offset) => {
          const source = `[offset:${offset > 0 ? '+' : ''}${offset}]\n${stamps.map(({ raw }) => `${raw}歌`).join('\n')}`;
          expect(times(source).map((time) => Math.round(time * 1000))).toEqual(
            stamps.map(({ milliseconds }) => Math.max(0, milliseconds - offset)),
          );
        },
      ),
    );
  });

  it('writes a file again with the same stamps, tags and blank lines when the words stay', () => {
    const tag = fc.constantFrom('[ti:題]', '[ar:歌手]', '[offset:+250]', '[by:someone: else]', '');
    const line = fc
      .tuple(fc.array(stamp, { maxLength: 3 }), fc.constantFrom('君を', 'la la', '[サビ]'))
      .map(([stamps, text]) => stamps.map(({ raw }) => raw).join('') + text);
    fc.assert(
      fc.property(fc.array(fc.oneof(tag, line), { minLength: 1 }), (song) => {
        const source = `${song.join('\n')}\n`;
        const { entries } = parseLrc(source);
        const same = entries.flatMap((entry) =>
          entry.kind === 'line'
            ? [{ words: [{ start: 0, text: entry.text, spaced: false }], text: entry.text }]
            : [],
        );
        expect(writeLrc(entries, same)).toBe(source);
      }),
    );
  });

  it('reads h:mm:ss, and mm:ss:xx where the file shows that it counts hundredths', () => {
    expect(times('[1:02:03]歌\n[1:02:03.50]歌')).toEqual([3723, 3723.5]);
    expect(times('[00:12:50]歌\n[00:15:75]歌')).toEqual([12.5, 15.75]);
  });

  it('takes metadata for no line, and a bracketed heading for one', () => {
    expect(lines('[ti:夜]\n[ar:A]\n[length: 03:20]\n\n[サビ]\n[00:01.00]歌').map(({ text }) => text)).toEqual(
      ['[サビ]', '歌'],
    );
  });

  it.each([
    ['a name and value with blanks around them', ' [ offset\t:\u3000250 ] '],
    ['a name in capitals', '[OFFSET:+250]'],
    ['the first of two offsets', '[offset:250]\n[offset:999]'],
  ])('moves times by an offset with %s', (_, tag) => {
    expect(times(`${tag}\n[00:01.00]歌`)).toEqual([0.75]);
  });

  it.each([
    ['a comment', '[#:来自某站]', true],
    ['a value that holds brackets', '[by:[someone]]', true],
    ['a name of several words', '[re_v2 - tool:x]', true],
    ['an empty value', '[ar:]', true],
    ['no name', '[:x]', false],
    ['a name that begins with a digit', '[2nd:x]', false],
    ['words behind it', '[ar:x] la', false],
    ['no colon', '[chorus]', false],
  ])('reads a line in brackets with %s', (_, line, isTag) => {
    expect(parseLrc(line).entries[0]?.kind).toBe(isTag ? 'verbatim' : 'line');
  });

  it('takes word stamps out of the text and remembers where they stood', () => {
    const [line] = lines('[00:10.00]<00:10.00>君<00:10.30>が <00:11.00>好き<00:12.00>');
    expect(line).toMatchObject({
      text: '君が 好き',
      times: [10],
      wordStamps: [
        { raw: '<00:10.00>', at: 0 },
        { raw: '<00:10.30>', at: 1 },
        { raw: '<00:11.00>', at: 3 },
        { raw: '<00:12.00>', at: 5 },
      ],
    });
  });

  it('leaves brackets that are no stamps in the text', () => {
    expect(lines('[00:01.00]a <3 b [x2]').map(({ text }) => text)).toEqual(['a <3 b [x2]']);
  });

  it.each([
    ['minutes past 99', '[120:30.50]歌', [7230.5]],
    ['a time before the start', '[-0:01.50]歌\n[00:-3.20]歌', [0, 0]],
    ['spaces before and between stamps', '  [00:01.00] [00:02.00] 歌', [1, 2]],
    ['a bracket that was forgotten', '[00:12.34 歌\n[00:15.00歌', [12.34, 15]],
    ['wide brackets and colons', '［00：12.00］歌', [12]],
    ['a comma for the point', '[00:12,50]歌', [12.5]],
  ])('reads %s', (_, source, expected) => {
    expect(times(source)).toEqual(expected);
    expect(new Set(lines(source).map(({ text }) => text))).toEqual(new Set(['歌']));
  });

  it('does not take a heading with a number for a stamp', () => {
    expect(lines('[3:16 John]\n[2 x]').map(({ text }) => text)).toEqual(['[3:16 John]', '[2 x]']);
  });

  it("keeps a service's JSON credits as they are", () => {
    const credit = '{"t":0,"c":[{"tx":"作词: "},{"tx":"某人","or":"orpheus://nm/artist"}]}';
    expect(parseLrc(`${credit}\n[00:01.00]歌`).entries[0]).toEqual({ kind: 'verbatim', raw: credit });
  });

  it('reads a last line without its line break, and carriage returns alone', () => {
    expect(lines('[00:01.00]一\r[00:02.00]二').map(({ text }) => text)).toEqual(['一', '二']);
  });
});
