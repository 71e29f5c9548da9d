import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, backfill, exportRows } from './backfill.ts';

const MANIFESTS = fileURLToPath(new URL('../../manifests/', import.meta.url));

type Truth = Readonly<
  Record<
    string,
    {
      readonly choruses: readonly { readonly start_s: number; readonly end_s: number }[];
      readonly notes: readonly { readonly start_s: number; readonly end_s: number; readonly midi: number }[];
    }
  >
>;

describe('the main job, on the sample', () => {
  let store: string;
  let ended: Ended;

  beforeAll(async () => {
    store = await mkdtemp(join(tmpdir(), 'backfill-test-'));
    ended = await backfill(['run', join(MANIFESTS, 'sample.csv'), '--store', store, '--json']);
  }, 300_000);
  afterAll(() => rm(store, { recursive: true, force: true }));

  it('ends with a summary, and exit code 1 because the instrumentals have no lyrics', () => {
    expect(ended.code, ended.stderr).toBe(1);
    const summary = JSON.parse(ended.stdout);
    expect(summary).toMatchObject({
      state: 'finished',
      tracks: { total: 10, rejected: 0 },
      algorithms: {
        fingerprint: { succeeded: 10, failed: 0 },
        chorus: { succeeded: 10, failed: 0 },
        pitch: { succeeded: 10, failed: 0 },
        romanisation: { succeeded: 7, failed: 3 },
        transcode: { succeeded: 10, failed: 0 },
      },
      failures: { 'no-lyrics': 3 },
    });
    expect(summary.seconds).toBeGreaterThan(0);
  });

  it('tells the same in status, and proves it', async () => {
    const status = await backfill(['status', '--store', store, '--json']);
    // What planning rejected is said where it was planned.
    const { rejections, ...run } = JSON.parse(ended.stdout);
    expect(rejections).toEqual([]);
    expect(JSON.parse(status.stdout)).toEqual(run);
    const verified = await backfill(['verify', '--store', store, '--json']);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ proven: true, violations: [] });
  });

  it('finds choruses where the songs have them', async () => {
    const songs = await truth();
    let [inChorus, withChorus] = [0, 0];
    for (const { track_id, start_s, end_s } of await exportRows<ChorusRow>(store, 'chorus')) {
      const choruses = songs[track_id]?.choruses ?? [];
      if (choruses.length === 0) continue;
      withChorus += 1;
      const overlap = choruses.reduce(
        (sum, occurrence) =>
          sum + Math.max(0, Math.min(end_s, occurrence.end_s) - Math.max(start_s, occurrence.start_s)),
        0,
      );
      if (overlap >= 0.5 * (end_s - start_s)) inChorus += 1;
    }
    expect(withChorus).toBeGreaterThanOrEqual(7);
    expect(inChorus / withChorus).toBeGreaterThanOrEqual(0.8);
  });

  it('hears the melody that was sung', async () => {
    const songs = await truth();
    let [right, sung] = [0, 0];
    for (const { track_id, hop_s, f0_hz } of await exportRows<PitchRow>(store, 'pitch')) {
      for (const { start_s, end_s, midi } of songs[track_id]?.notes ?? []) {
        // Frames well inside a note: its edges are gliding.
        for (let frame = Math.ceil((start_s + 0.05) / hop_s); frame * hop_s < end_s - 0.05; frame++) {
          sung += 1;
          const hertz = f0_hz[frame] ?? 0;
          const away = hertz === 0 ? 6 : (69 + 12 * Math.log2(hertz / 440) - midi) % 12;
          if (Math.min(Math.abs(away), 12 - Math.abs(away)) < 0.5) right += 1;
        }
      }
    }
    expect(sung).toBeGreaterThan(5000);
    expect(right / sung).toBeGreaterThan(0.6);
  });

  it('romanises each language by its system', async () => {
    const rows = await exportRows<RomanisationRow>(store, 'romanisation');
    expect(new Set(rows.map(({ language }) => language))).toEqual(new Set(['ja', 'yue', 'ko', 'zh']));
    const japanese = rows.find(({ track_id }) => track_id === 'ja-yoake-no-eki');
    expect(japanese?.lines[0]).toEqual({
      time_s: 5.22,
      text: '始発を待てば 白い息',
      romanised: 'shihatsu o mateba shiroi iki',
    });
    for (const { lines } of rows) {
      for (const { romanised } of lines)
        expect(romanised).not.toMatch(/[\p{sc=Han}\p{sc=Hangul}\p{sc=Kana}]/u);
    }
  });

  it('leaves the renditions where the rows say, with the bytes that they say', async () => {
    const rows = await exportRows<TranscodeRow>(store, 'transcode');
    const [row] = rows;
    expect(row?.renditions.map(({ codec }) => codec)).toEqual(['aac', 'aac', 'mp3', 'opus']);
    expect(row?.loudness_lufs).toBeGreaterThan(-30);
    for (const { uri, bytes, sha256 } of row?.renditions ?? []) {
      const file = await readFile(fileURLToPath(uri));
      expect(file).toHaveLength(bytes);
      expect(createHash('sha256').update(file).digest('hex')).toBe(sha256);
    }
  });

  it('gives everything about one track', async () => {
    const { stdout, code } = await backfill([
      'results',
      'get',
      'inst-paper-lanterns',
      '--store',
      store,
      '--json',
    ]);
    expect(code).toBe(0);
    const outcomes = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(outcomes.map(({ algorithm }) => algorithm)).toEqual([
      'fingerprint',
      'chorus',
      'pitch',
      'romanisation',
      'transcode',
    ]);
    expect(outcomes[3]).toMatchObject({ code: 'no-lyrics', transient: false });
  });

  it('exports csv and parquet, whole or not at all', async () => {
    const args = ['results', 'export', '--algorithm', 'chorus', '--store', store];
    const csv = await backfill([...args, '--format', 'csv']);
    expect(csv.stdout.split('\n')[0]).toBe(
      'track_id,source_etag,algorithm,version,start_s,end_s,confidence,by_lyrics,sections',
    );
    expect(csv.stdout.trim().split('\n')).toHaveLength(11);
    const path = join(store, 'chorus.parquet');
    await backfill([...args, '--format', 'parquet', '-o', path]);
    expect((await readFile(path)).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('tries one file as the run did', async () => {
    const [song] = (await exportRows(store, 'fingerprint')).filter(
      ({ track_id }) => track_id === 'ja-yoake-no-eki',
    );
    const tried = await backfill([
      'try',
      'fingerprint',
      join(MANIFESTS, 'sample/audio/ja-yoake-no-eki.mp3'),
      '--json',
    ]);
    expect(JSON.parse(tried.stdout)).toEqual({ ...song, track_id: 'ja-yoake-no-eki.mp3' });
  });

  async function truth(): Promise<Truth> {
    return JSON.parse(await readFile(join(MANIFESTS, 'sample/truth.json'), 'utf8')) as Truth;
  }
});

interface ChorusRow {
  readonly track_id: string;
  readonly start_s: number;
  readonly end_s: number;
}

interface PitchRow {
  readonly track_id: string;
  readonly hop_s: number;
  readonly f0_hz: readonly number[];
}

interface RomanisationRow {
  readonly track_id: string;
  readonly language: string;
  readonly lines: readonly { readonly romanised: string }[];
}

interface TranscodeRow {
  readonly renditions: readonly {
    readonly uri: string;
    readonly codec: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  readonly loudness_lufs: number;
}
