import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderError } from '../../src/cli/render/error.ts';
import { progressParts } from '../../src/cli/render/progress-text.ts';
import { bytes, count, duration, percent, plural, rate } from '../../src/cli/render/quantities.ts';
import { rowText } from '../../src/cli/render/row.ts';
import { statusText } from '../../src/cli/render/summary.ts';
import { table } from '../../src/cli/render/table.ts';
import { fitParts } from '../../src/cli/render/terminal.ts';
import { usageText } from '../../src/cli/render/usage.ts';
import { environmentError, usageError } from '../../src/errors.ts';
import type { SubmissionProgress } from '../../src/operations/submission-progress.ts';
import type { RunStatus } from '../../src/run/status.ts';

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

  test('what is not all is never 100 %, and what is not nothing never 0 %', () => {
    expect(percent(9_999_999, 10_000_000)).toBe('99.9 %');
    expect(percent(1 - Number.EPSILON, 1)).toBe('99.9 %');
    expect([percent(1, 10_000_000), percent(0, 10_000_000)]).toEqual(['< 0.1 %', '0.0 %']);
  });

  test.each([
    [12_345.6, '12,346 tracks/s'],
    [1, '1.0 tracks/s'],
    [0.99, '59.4 tracks/min'],
    [1 / 3600, '1.0 tracks/h'],
    [1e-6, '< 0.1 tracks/h'],
  ])('%d a second is %s', (perSecond, text) => expect(rate(perSecond, 'track')).toBe(text));
});

describe('progress', () => {
  const quiet: SubmissionProgress = {
    done: 0,
    total: 48,
    failed: 0,
    fraction: 0,
    fromStore: false,
    estimated: false,
    inFlightShards: 0,
    sampledShards: 0,
    pace: undefined,
  };
  const pace = (tracksPerSecond: number, least?: number, most?: number) => ({
    tracksPerSecond,
    left: least === undefined || most === undefined ? undefined : { least, most },
  });

  test.each<[Partial<SubmissionProgress>, string]>([
    [{}, '0 of 48 tracks (0.0 %), no failures so far'],
    [
      { done: 12, fraction: 0.25, failed: 2, pace: pace(1.333, 27, 27) },
      '12 of 48 tracks (25.0 %), 1.3 tracks/s, about 27 s left, 2 failures',
    ],
    [
      { done: 1, total: 4, fraction: 0.31, failed: 1, pace: pace(1 / 60, 180, 240) },
      '1 of 4 tracks (25.0 %), 31.0 % of the work, 1.0 tracks/min, about 3 min 00 s to 4 min 00 s left, 1 failure',
    ],
    [{ done: 48, fraction: 1, pace: pace(2) }, '48 of 48 tracks (100.0 %), 2.0 tracks/s, no failures'],
    [{ done: 1, fraction: 0.03 }, '1 of 48 tracks (2.0 %), 3.0 % of the work, no failures so far'],
    [
      { fromStore: true, inFlightShards: 3, sampledShards: 3 },
      '0 of 48 tracks (0.0 %), nothing committed yet, 3 shards under way, no failures so far',
    ],
    [
      {
        done: 6_000_000,
        total: 10_000_000,
        failed: 2100,
        fraction: 0.6,
        fromStore: true,
        estimated: true,
        inFlightShards: 9000,
        sampledShards: 4096,
        pace: pace(1250, 3200, 3300),
      },
      'about 6,000,000 of 10,000,000 tracks (60.0 %), estimated from 4,096 of 9,000 shards under way, ' +
        'about 1,250 tracks/s, about 55 min 00 s left, about 2,100 failures',
    ],
  ])('%o', (progress, text) => expect(progressParts({ ...quiet, ...progress }).join(', ')).toBe(text));

  test('a line that is too long loses whole parts, never the end of a number', () => {
    const progress = { ...quiet, done: 12, fraction: 0.25, failed: 2, pace: pace(1.333, 27, 27) };
    const whole = progressParts(progress).join(', ');
    for (let columns = 0; columns <= whole.length; columns += 1) {
      const line = fitParts(progressParts(progress, columns), columns);
      expect(line.length).toBeLessThanOrEqual(columns);
      expect(`${whole}, 25.0 %,`).toContain(line === '' ? ',' : `${line.split(', ').at(-1)},`);
    }
    expect(fitParts(progressParts(progress, 11), 11)).toBe('25.0 %');
    expect(fitParts(progressParts(progress, whole.length), whole.length)).toBe(whole);
  });
});

describe('a status', () => {
  const status: RunStatus = {
    runId: 'r1',
    state: 'running',
    tracks: { total: 4000, accepted: 4000, rejected: 0 },
    algorithms: { pitch: { succeeded: 0, failed: 0, pending: 4000, estimated: false } },
    failures: {},
    seconds: 12,
    shards: { total: 40, finished: 0, started: 2, waiting: 38 },
    progress: {
      fraction: 0,
      plannedSeconds: 400,
      committedSeconds: 0,
      committedTracks: 0,
      estimated: false,
      inFlightShards: 2,
      sampledShards: 2,
      inFlightSeconds: 20,
      longestLeftSeconds: 10,
    },
    work: { seconds: 0, reclaims: 0, estimated: false, workers: 2 },
    notices: [],
    damage: [],
  };

  test('before the first checkpoint says that shards are under way, and that nothing is committed', () => {
    expect(statusText(status, 0.01).split('\n').slice(0, 3)).toEqual([
      'run r1: running after 12 s',
      '4,000 tracks; 0 of 40 shards finished, 2 under way',
      'nothing of the shards under way is committed yet',
    ]);
  });

  test('of a sample is marked wherever a number is an estimate; notices are said', () => {
    const text = statusText(
      {
        ...status,
        algorithms: { pitch: { succeeded: 1400, failed: 100, pending: 2500, estimated: true } },
        failures: { silent: 100 },
        progress: {
          ...status.progress,
          fraction: 0.37529,
          estimated: true,
          inFlightShards: 9000,
          sampledShards: 4096,
        },
        work: { seconds: 36_000, reclaims: 12, estimated: true, workers: 9000 },
        notices: ['the end of submission 2 is not recorded'],
        batch: { queue: 'q', definition: 'd:1', workers: { RUNNING: 9000 }, unsubmitted: 0 },
      },
      0.01,
      { tracksPerSecond: 120, left: { least: 100, most: 200 } },
    );
    expect(text.split('\n')).toEqual([
      'run r1: running after 12 s',
      '4,000 tracks; 0 of 40 shards finished, 2 under way',
      'about 37.5 % of the planned work is committed, estimated from 4,096 of 9,000 shards under way',
      'about 120 tracks/s, about 1 min 40 s to 3 min 20 s left',
      'AWS Batch, queue q, d:1: 9,000 running',
      'committed work: about 10 h 00 min, about $0.10 at $0.01 a vCPU and hour; about 12 reclaims',
      'note: the end of submission 2 is not recorded',
      '',
      'algorithm    succeeded     failed      pending',
      'pitch      about 1,400  about 100  about 2,500',
      '',
      'failures',
      'silent    about 100',
      '',
    ]);
  });
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
