import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backfill, processesWith, until } from './backfill.ts';
import { type Catalogue, makeCatalogue } from './catalogue.ts';
import { type OnTerminal, WHY_NO_TERMINAL, drawnLines, startOnTerminal } from './terminal.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_SCREEN = '\u001b[2J';
const WIDTHS = [0, 1, 2, 3, 4, 10, 20, 80, 500];

const WHY_SKIPPED = WHY_NO_TERMINAL === undefined ? '' : ` (skipped: ${WHY_NO_TERMINAL})`;

describe.skipIf(WHY_NO_TERMINAL !== undefined)(`a run on a terminal${WHY_SKIPPED}`, () => {
  let catalogue: Catalogue;
  let stores = 0;
  /** An environment in which decoding takes until a file is there. */
  let held: HeldFfmpeg;

  beforeAll(async () => {
    catalogue = await makeCatalogue(2);
    held = await heldFfmpeg(catalogue.folder);
  });
  beforeEach(() => held.hold());
  afterAll(async () => {
    await held.release();
    await rm(catalogue.folder, { recursive: true, force: true });
  });

  function start(
    columns: number,
    env: Readonly<Record<string, string>> = {},
    by: readonly string[] = [],
  ): OnTerminal & { store: string } {
    const store = join(catalogue.folder, `store-${(stores += 1)}`);
    const args = ['run', catalogue.manifest, '-a', 'chorus', '--store', store, '--concurrency', '1'];
    return { ...startOnTerminal(args, { columns, env, by }), store };
  }

  it.each(WIDTHS)('of %d columns ends by itself, and draws no line that is wider', async (columns) => {
    const { code, screen } = await start(columns).ended;
    expect(code, screen).toBe(0);
    expect(screen).toMatch(/run \S+: finished/);
    const lines = drawnLines(screen);
    // Three columns beside the text, and a terminal that does not say how wide it is, leave nothing to draw.
    expect(lines.length > 0, screen).toBe(columns > 3);
    for (const line of lines) expect(line.trimEnd().length, line).toBeLessThanOrEqual(columns);
    expect(screen.split(HIDE_CURSOR).length > 1).toBe(columns > 3);
  });

  it.each([0, 1, 80])('of %d columns drains at Ctrl-C', async (columns) => {
    const running = start(columns, held.env);
    await until(async () => (await processesWith('held-ffmpeg', catalogue.folder)).length > 0, 'a decoder');
    running.signal('SIGINT');
    await until(() => running.screen().includes('draining'), 'draining');
    await held.release();
    const { code, screen } = await running.ended;
    expect([code, screen]).toEqual([130, expect.stringMatching(/backfill resume \S+ --store \S+ goes on/)]);
  });

  it('draws at the width that there is, whatever that becomes while it runs', async () => {
    const running = start(80, held.env);
    const times = (text: string): number => running.screen().split(text).length - 1;
    await until(() => times(HIDE_CURSOR) === 1, 'drawing');
    let [shown, hidden] = [times(SHOW_CURSOR), times(HIDE_CURSOR)];
    for (const [useless, useful] of [
      [0, 10],
      [2, 500],
      [1, 20],
    ] as const) {
      running.resize(useless);
      await until(() => times(SHOW_CURSOR) > shown, `no drawing at ${useless} columns`);
      const before = drawnLines(running.screen()).length;
      running.resize(useful);
      await until(() => times(HIDE_CURSOR) > hidden, `drawing at ${useful} columns`);
      await until(() => drawnLines(running.screen()).length > before + 2, 'some frames');
      for (const line of drawnLines(running.screen()).slice(before)) {
        expect(line.trimEnd().length, line).toBeLessThanOrEqual(useful);
      }
      [shown, hidden] = [times(SHOW_CURSOR), times(HIDE_CURSOR)];
    }
    await held.release();
    const { code, screen } = await running.ended;
    expect(code, screen).toBe(0);
  });

  it.each([{ TERM: 'dumb' }, { CI: 'true' }])('draws nothing where %o', async (env) => {
    const { code, screen } = await start(80, env).ended;
    expect(code, screen).toBe(0);
    expect(screen).not.toContain('\u001b');
    expect(screen).toContain('2 of 2 tracks (100.0 %)');
  });

  it('draws without colours where NO_COLOR is set', async () => {
    const coloured = '\u001b[36m';
    expect((await start(80).ended).screen).toContain(coloured);
    const { screen } = await start(80, { NO_COLOR: '1' }).ended;
    expect(drawnLines(screen).length).toBeGreaterThan(0);
    expect(screen).not.toContain(coloured);
  });

  // A run that was sent to the background: `setsid` keeps from it the signal that goes with the terminal.
  it.skipIf(process.platform !== 'linux')('goes on to its end when the terminal goes away', async () => {
    const running = start(80, held.env, ['setsid', '--fork', '--wait']);
    await until(() => drawnLines(running.screen()).length > 0, 'drawing');
    running.hangUp();
    await running.ended;
    await held.release();
    const finished = await until(async () => {
      const status = await backfill(['status', '--json', '--store', running.store]);
      return status.stdout.includes('"state": "finished"') && status.stdout;
    }, 'the run is finished');
    await until(async () => (await processesWith('backfill.js', running.store)).length === 0, 'its end');
    expect(JSON.parse((await backfill(['status', '--json', '--store', running.store])).stdout)).toEqual({
      ...JSON.parse(finished),
      seconds: expect.any(Number),
    });
  });

  it.each([0, 2, 80])('is watched from a terminal of %d columns', async (columns) => {
    const { store, ended } = start(80, held.env);
    await until(async () => (await processesWith('held-ffmpeg', catalogue.folder)).length > 0, 'a decoder');
    const watching = startOnTerminal(['status', '--watch', '--store', store], { columns });
    await until(() => watching.screen().includes('running'), 'a look');
    await held.release();
    await ended;
    const { code, screen } = await watching.ended;
    expect([code, screen]).toEqual([0, expect.stringContaining(': finished')]);
    expect(screen.includes(CLEAR_SCREEN)).toBe(columns > 0);
  });

  it.each([0, 1, 10, 500])('of %d columns shows help', async (columns) => {
    const { code, screen } = await startOnTerminal(['run', '--help'], { columns }).ended;
    expect([code, screen]).toEqual([0, expect.stringContaining('--checkpoint-seconds')]);
    const widest = Math.max(...screen.split('\r\n').map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(columns === 0 ? 80 : 250);
  });
});

interface HeldFfmpeg {
  readonly env: Readonly<Record<string, string>>;
  readonly release: () => Promise<void>;
  readonly hold: () => Promise<void>;
}

/** An ffmpeg for PATH that waits with its work until it is released. */
async function heldFfmpeg(folder: string): Promise<HeldFfmpeg> {
  const programs = join(folder, 'held-ffmpeg');
  const released = join(folder, 'released');
  await mkdir(programs);
  const path = process.env.PATH ?? '';
  const script = `#!/bin/sh\nuntil test -e '${released}'; do sleep 0.05; done\nPATH='${path}' exec ffmpeg "$@"\n`;
  await writeFile(join(programs, 'ffmpeg'), script);
  await chmod(join(programs, 'ffmpeg'), 0o755);
  return {
    env: { PATH: `${programs}${delimiter}${path}` },
    release: () => writeFile(released, ''),
    hold: () => rm(released, { force: true }),
  };
}
