import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode, run, writeMusic } from '../audio/make-audio.ts';
import { type Ended, backfill } from '../end-to-end/backfill.ts';

const RUN = /\d{8}-\d{6}-\w+/;

let folder = '';
let withFingerprints = '';

/** A run of fingerprints, with a track that succeeds and one that fails, and after it a run without any. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-match-'));
  const song = await writeMusic(join(folder, 'song.wav'), { seconds: 25 });
  await writeMusic(join(folder, 'other.wav'), { seconds: 25, seed: 7 });
  await encode(folder, song, 'later.mp3', '-ss', '10', '-b:a', '64k');
  await run('ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', 'sine=f=440', '-t', '20', join(folder, 'tone.wav'));
  await run('ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', 'anullsrc', '-t', '5', join(folder, 'silent.wav'));
  await writeFile(join(folder, 'song.lrc'), '[00:01.00]사랑해\n');
  // The track other.wav is not the file other.wav: a name may be both.
  const rows = ['song-1,song.wav,song.lrc', 'other.wav,song.wav,song.lrc', 'quiet,silent.wav,song.lrc'];
  await writeFile(join(folder, 'manifest.csv'), ['track_id,audio_uri,lyrics_uri', ...rows, ''].join('\n'));
  const fingerprints = await backfill(['run', 'manifest.csv', '-a', 'fingerprint'], { cwd: folder });
  withFingerprints = RUN.exec(fingerprints.stdout + fingerprints.stderr)?.[0] ?? '';
  const lyrics = await backfill(['run', 'manifest.csv', '-a', 'romanisation'], { cwd: folder });
  expect([fingerprints.code, lyrics.code], fingerprints.stderr + lyrics.stderr).toEqual([1, 0]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function match(...args: readonly string[]): Promise<Ended> {
  return backfill(['match', ...args], { cwd: folder });
}

function matchInRun(...args: readonly string[]): Promise<Ended> {
  return match(...args, '--run', withFingerprints);
}

describe('two recordings', () => {
  it('that are one are told so, with where the one begins in the other, and exit code 0', async () => {
    const { code, stdout, stderr } = await match('song.wav', 'later.mp3');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^A {2}file song\.wav, 25 s\nB {2}file later\.mp3, 15 s\nthe same recording: score 0\.\d\d, \d\.\d % bit errors\nB begins (?:9\.9|10\.0|10\.1) s into A; 1[45]\.\d s alike of 1[45]\.\d s that overlap\n$/,
    );
  });

  it('that are two are told so, with exit code 1', async () => {
    const { code, stdout } = await match('song.wav', 'other.wav');
    expect(code).toBe(1);
    expect(stdout).toMatch(/\ndifferent recordings: score 0\.00, [45]\d\.\d % bit errors\n$/);
  });

  it('of which one has too little in it are not decided, with exit code 1', async () => {
    const { code, stdout } = await match('tone.wav', 'song.wav');
    expect(code).toBe(1);
    expect(stdout).toMatch(/\ntoo little to tell: 30 different codes are needed, A has 1 \(/);
  });

  it('may be tracks of a run, or a track and a file, with one JSON document of both', async () => {
    const { code, stdout } = await matchInRun('later.mp3', 'song-1', '--json');
    expect(code).toBe(0);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({
      verdict: 'same',
      a: { kind: 'file', source: 'later.mp3' },
      b: { kind: 'track', trackId: 'song-1', runId: withFingerprints, durationSeconds: 25 },
    });
    expect(told.offsetSeconds).toBeCloseTo(-10, 0);
    expect(told.score).toBeGreaterThan(0.8);
    expect(await matchInRun('song-1', 'track:other.wav')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /the same recording: score 1\.00, 0\.0 % bit errors\nthey begin together;/,
      ),
    });
  });
});

describe('a name', () => {
  it('is the file of that name before it is the track; a prefix says which is meant', async () => {
    for (const [name, kind, code] of [
      ['other.wav', 'file', 1],
      ['file:other.wav', 'file', 1],
      ['track:other.wav', 'track', 0],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so as not to crowd the machine
      const ended = await matchInRun('song.wav', name, '--json');
      expect([name, ended.code, JSON.parse(ended.stdout).b.kind]).toEqual([name, code, kind]);
    }
  });

  it('of a file: URI is that file', async () => {
    const { code } = await match('song.wav', `file://${folder}/song.wav`);
    expect(code).toBe(0);
  });
});

describe('what can not be compared is named, with what to do, and exit code 2', () => {
  const WRONG: readonly (readonly [args: readonly string[], said: RegExp])[] = [
    [
      ['song-1', 'nothing', '--run', '?'],
      /^backfill: there is no file 'nothing', and as a track: run .* has no track 'nothing'\n {2}name a file/,
    ],
    [['song-1', 'track:nothing', '--run', '?'], /^backfill: run .* has no track 'nothing'\n$/],
    [['song.wav', 'file:nothing'], /^backfill: no fingerprint can be made of nothing: source-missing: /],
    [
      ['quiet', 'song-1', '--run', '?'],
      /^backfill: track 'quiet' has no fingerprint: it failed in run .*: silent: /,
    ],
    [
      ['song-1', 'song.wav'],
      /^backfill: run .* has no fingerprints: it is of romanisation\n {2}--run names another/,
    ],
    [
      ['song-1', 'song.wav', '--run', 'gone'],
      /there is no file 'song-1', and as a track: there is no run 'gone'/,
    ],
    [
      ['song-1', 'song.wav', '--store', 'empty'],
      /there is no file 'song-1', and as a track: there are no runs/,
    ],
    [['silent.wav', 'song.wav'], /^backfill: no fingerprint can be made of silent\.wav: silent: /],
    [['song.lrc', 'song.wav'], /^backfill: no fingerprint can be made of song\.lrc: unsupported-format: /],
    [['song.wav'], /missing required argument 'b'/],
  ];

  it.each(WRONG)('%j', async (args, said) => {
    const ended = await match(...args.map((arg) => (arg === '?' ? withFingerprints : arg)));
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(said) });
  });
});
