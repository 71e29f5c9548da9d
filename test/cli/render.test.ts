import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderError } from '../../src/cli/render/error.ts';
import { progressText } from '../../src/cli/render/progress.ts';
import { bytes, count, duration, percent, plural } from '../../src/cli/render/quantities.ts';
import { rowText } from '../../src/cli/render/row.ts';
import { table } from '../../src/cli/render/table.ts';
import { usageText } from '../../src/cli/render/usage.ts';
import { environmentError, usageError } from '../../src/errors.ts';

describe('quantities', () => {
  test.each([
    [0, '0.0 s'],
    [4.24, '4.2 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [185, '3 min 05 s'],
    [3599.7, '1 h 00 min'],
    [7_800, '2 h 10 min'],
    [86_399.9, '1 d 0 h'],
    [4_000_000, '46 d 7 h'],
    [100_000_000, '1,157 d 9 h'],
  ])('%d seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [12_345_678, '12.3 MB'],
    [999_960, '1.0 MB'],
    [3e15, '3000.0 TB'],
  ])('%d bytes are %s', (value, text) => expect(bytes(value)).toBe(text));

  test('numbers have separators, nouns a number, shares a percent sign', () => {
    expect(count(60_000_000)).toBe('60,000,000');
    expect([plural(1, 'track'), plural(0, 'track'), plural(1_200, 'row')]).toEqual([
      '1 track',
      '0 tracks',
      '1,200 rows',
    ]);
    expect([percent(1, 3), percent(3, 3), percent(0, 0)]).toEqual(['33.3 %', '100.0 %', '0 %']);
  });

  test('what is not all is never 100 %', () => {
    expect(percent(9_999_999, 10_000_000)).toBe('99.9 %');
  });
});

describe('progress', () => {
  test.each([
    [{ done: 0, total: 48, failed: 0 }, 3, '0 of 48 tracks (0.0 %), no failures so far'],
    [{ done: 12, total: 48, failed: 2 }, 9, '12 of 48 tracks (25.0 %), 1.3 tracks/s, 27 s left, 2 failures'],
    [
      { done: 1, total: 4, failed: 1 },
      60,
      '1 of 4 tracks (25.0 %), 1.0 tracks/min, 3 min 00 s left, 1 failure',
    ],
    [{ done: 4, total: 4, failed: 0 }, 2, '4 of 4 tracks (100.0 %), 2.0 tracks/s, no failures'],
    [{ done: 1, total: 1, failed: 0 }, 0, '1 of 1 track (100.0 %), no failures'],
  ])('%o after %d s', (progress, seconds, text) => expect(progressText(progress, seconds)).toBe(text));
});

describe('table', () => {
  test('sets columns to their widest cell, numbers flush right, and leaves no blanks at the ends', () => {
    const rows = [
      ['name', 'n', 'note'],
      ['chorus', '7', ''],
      ['a', '1,234', 'long'],
    ];
    expect(table(rows, [1])).toBe('name        n  note\nchorus      7\na       1,234  long\n');
    expect(table([])).toBe('');
  });

  test('keeps every cell, in its column', () => {
    const cell = fc.stringMatching(/^[a-z]{1,12}$/);
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, (cells) => {
        const lines = table(cells).trimEnd().split('\n');
        const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
        const [second, third] = [(widths[0] ?? 0) + 2, (widths[0] ?? 0) + (widths[1] ?? 0) + 4];
        const columns = (line: string) => [
          line.slice(0, second),
          line.slice(second, third),
          line.slice(third),
        ];
        expect(lines.map((line) => columns(line).map((text) => text.trimEnd()))).toEqual(cells);
      }),
    );
  });
});

describe('a row', () => {
  test('is one field a line, with long lists and texts cut', () => {
    const text = rowText({
      track_id: 'a',
      f0_hz: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      notes: [
        { start_s: 0, midi: 60 },
        { start_s: 1, midi: 62 },
      ],
      lrc: 'one\ntwo',
      fingerprint: 'x'.repeat(101),
      nothing: null,
    });
    expect(text.split('\n')).toEqual([
      'track_id     a',
      'f0_hz        1 2 3 4 5 6 7 8 ... 2 more',
      'notes        {"start_s":0,"midi":60}',
      '             {"start_s":1,"midi":62}',
      'lrc          one ...',
      `fingerprint  ${'x'.repeat(100)} ...`,
      'nothing      null',
      '',
    ]);
  });
});

describe('errors', () => {
  function rendered(error: unknown): readonly [code: number, text: string] {
    const { code, text } = renderError(error);
    return [code, text];
  }

  test("the caller's and the machine's are said in a line, with what to do", () => {
    expect(rendered(usageError('x', "there is no run 'a'"))).toEqual([2, "backfill: there is no run 'a'\n"]);
    expect(rendered(environmentError('x', 'no ffmpeg', { hint: 'apt install ffmpeg' }))).toEqual([
      3,
      'backfill: no ffmpeg\n  apt install ffmpeg\n',
    ]);
  });

  test.each([
    [{ errno: -13, syscall: 'open', path: '/x' }, "could not open '/x': permission denied"],
    [{ errno: -28, syscall: 'write' }, 'could not write: no space left on device'],
    [{ errno: -20, syscall: 'mkdir', path: 'a/b' }, "could not make the folder 'a/b': not a directory"],
    [
      { errno: -18, syscall: 'rename', path: 'a', dest: 'b' },
      "could not rename 'a' to 'b': cross-device link not permitted",
    ],
    [
      { errno: -111, syscall: 'connect', address: '::1', port: 80 },
      'could not connect to ::1:80: connection refused',
    ],
    [
      { errno: -2, syscall: 'spawn ffmpeg', path: 'ffmpeg' },
      "could not start 'ffmpeg': no such file or directory",
    ],
  ])("the system's are said in its words, without their numbers' names: %o", (fields, said) => {
    const error = Object.assign(new Error('EWHATEVER: words, call'), { code: 'EWHATEVER' }, fields);
    expect(rendered(error)).toEqual([3, `backfill: ${said}\n`]);
    expect(rendered(new AggregateError([error]))).toEqual([3, `backfill: ${said}\n`]);
  });

  test('a bug is shown with its stack', () => {
    const [code, text] = rendered(new TypeError('x is not a function'));
    expect(code).toBe(3);
    expect(text).toMatch(/^backfill: a bug in backfill; please report this:\nTypeError: x is not.*\n {4}at /);
  });

  test("the argument parser's take the same form", () => {
    expect(usageText("error: unknown command 'runn'\n(Did you mean run?)\n", 'backfill')).toBe(
      "backfill: unknown command 'runn'; did you mean run?\n  backfill --help lists the commands\n",
    );
    expect(usageText("error: unknown command 'tracks.csv.gz'\n", 'backfill')).toBe(
      "backfill: unknown command 'tracks.csv.gz'\n  backfill run tracks.csv.gz works a manifest\n",
    );
    expect(usageText("error: unknown option '-rf'\n", 'backfill results get', true)).toBe(
      "backfill: unknown option '-rf'\n" +
        '  backfill results get --help shows its arguments and options\n' +
        '  a name that begins with a dash goes last, behind --: backfill results get -- -rf\n',
    );
    expect(usageText("error: option '-c' argument 'x. y.' is invalid. A number is expected\n", 'b run')).toBe(
      "backfill: option '-c' argument 'x. y.' is invalid: a number is expected\n  b run --help shows its arguments and options\n",
    );
  });
});
