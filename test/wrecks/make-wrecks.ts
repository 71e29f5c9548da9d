/**
 * A catalogue of wrecks: what real stocks hold beside good tracks, and what an attacker would put there.
 * End-to-end tests run it and compare every track's fate with what is expected.
 */
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FailureCode } from '../../src/failures.ts';
import {
  binaryBytes,
  lures,
  makeFifo,
  writeBlip,
  writeCovered,
  writeFilm,
  writeFirstHalf,
  writeSilence,
  writeSoundless,
} from './wreck-files.ts';

/** A success, or a failure with any one of these codes. */
export type Outcome = 'ok' | readonly FailureCode[];

/** What becomes of a track. */
export interface Fate {
  /** In the algorithms that analyse audio: fingerprint, chorus, pitch. */
  readonly audio: Outcome;
  /** In transcode, which takes what is too short or silent for the others. */
  readonly transcode: Outcome;
  readonly romanisation: Outcome;
}

export interface Wrecks {
  readonly manifestPath: string;
  /** By track id, in the order of the manifest. */
  readonly expected: Readonly<Record<string, Fate>>;
}

interface Row {
  readonly trackId: string;
  readonly audioUri: string;
  readonly lyricsUri?: string;
  readonly language?: string;
  readonly fate: Fate;
}

const SAMPLE = join(import.meta.dirname, '../../manifests/sample');
const GOOD_AUDIO = 'audio/good.ogg';

/**
 * Builds the catalogue in `folder`, which exists and is empty. One lure points at
 * `http://127.0.0.1:<port>/segment.ts`: a test that listens there must never be asked.
 */
export async function makeWrecks(folder: string, port: number): Promise<Wrecks> {
  await mkdir(join(folder, 'audio'));
  await mkdir(join(folder, 'lyrics'));
  await copyFile(join(SAMPLE, 'audio/inst-paper-lanterns.ogg'), join(folder, GOOD_AUDIO));
  const rows = [
    ...(await goodTracks(folder)),
    ...(await brokenFiles(folder)),
    ...(await oddMedia(folder)),
    ...(await writeLures(folder, port)),
    ...(await paths(folder)),
    ...(await brokenLyrics(folder)),
  ];
  const manifestPath = join(folder, 'wrecks.csv');
  const lines = rows.map(({ trackId, audioUri, lyricsUri = '', language = '' }) =>
    [trackId, audioUri, lyricsUri, language].map(quoted).join(','),
  );
  await writeFile(manifestPath, ['track_id,audio_uri,lyrics_uri,language', ...lines, ''].join('\n'));
  return { manifestPath, expected: Object.fromEntries(rows.map(({ trackId, fate }) => [trackId, fate])) };
}

async function goodTracks(folder: string): Promise<Row[]> {
  const songs = [
    { song: 'ja-yoake-no-eki', format: 'mp3', language: 'ja' },
    { song: 'yue-tin-toi-ge-jyu', format: 'opus', language: 'yue' },
    { song: 'zh-zhi-feiji', format: 'ogg', language: 'zh' },
  ];
  return Promise.all(
    songs.map(async ({ song, format, language }) => {
      const audioUri = `audio/${song}.${format}`;
      const lyricsUri = `lyrics/${song}.lrc`;
      await copyFile(join(SAMPLE, audioUri), join(folder, audioUri));
      await copyFile(join(SAMPLE, lyricsUri), join(folder, lyricsUri));
      const fate = { audio: 'ok', transcode: 'ok', romanisation: 'ok' } as const;
      return { trackId: `good-${language}`, audioUri, lyricsUri, language, fate };
    }),
  );
}

async function brokenFiles(folder: string): Promise<Row[]> {
  const audio = (file: string): string => join(folder, 'audio', file);
  await writeFile(audio('empty.mp3'), '');
  await writeFile(audio('text.mp3'), 'This is a letter, not a song.\n'.repeat(40));
  await writeFirstHalf(join(folder, GOOD_AUDIO), audio('truncated.ogg'));
  await copyFile(join(folder, GOOD_AUDIO), audio('unreadable.ogg'));
  await chmod(audio('unreadable.ogg'), 0o000);
  await makeFifo(audio('fifo.mp3'));
  await mkdir(audio('folder.mp3'));
  return [
    unsung('empty-file', 'audio/empty.mp3', ['source-empty']),
    unsung('text-as-mp3', 'audio/text.mp3', ['unsupported-format']),
    unsung('truncated-ogg', 'audio/truncated.ogg', ['decode-failed']),
    unsung('unreadable', 'audio/unreadable.ogg', ['source-denied']),
    unsung('fifo', 'audio/fifo.mp3', ['source-not-a-file']),
    unsung('directory', 'audio/folder.mp3', ['source-not-a-file']),
    unsung('missing-file', 'audio/nowhere.mp3', ['source-missing']),
  ];
}

async function oddMedia(folder: string): Promise<Row[]> {
  const audio = (file: string): string => join(folder, 'audio', file);
  const good = join(folder, GOOD_AUDIO);
  await writeBlip(audio('blip.wav'));
  await writeSilence(audio('silence.wav'));
  await writeSoundless(audio('soundless.mp4'));
  await writeCovered(good, audio('covered.mp3'));
  await writeFilm(good, audio('film.mp4'));
  return [
    unsung('too-short', 'audio/blip.wav', ['too-short'], 'ok'),
    unsung('silence', 'audio/silence.wav', ['silent'], 'ok'),
    unsung('video-only', 'audio/soundless.mp4', ['no-audio-stream']),
    unsung('cover-first', 'audio/covered.mp3', 'ok'),
    unsung('picture-first', 'audio/film.mp4', 'ok'),
  ];
}

async function writeLures(folder: string, port: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, { extension, text }] of Object.entries(lures(port))) {
    for (const disguise of [extension, 'mp3']) {
      const audioUri = `audio/lure-${name}.${disguise}`;
      await writeFile(join(folder, audioUri), text);
      rows.push(unsung(`lure-${name}-${disguise}`, audioUri, ['unsupported-format']));
    }
  }
  return rows;
}

async function paths(folder: string): Promise<Row[]> {
  const awkward = `audio/it's a "good" one, 🎵 100%.ogg`;
  await copyFile(join(folder, GOOD_AUDIO), join(folder, awkward));
  const spaced = join(folder, 'audio', 'spaced naïve #1.ogg');
  await copyFile(join(folder, GOOD_AUDIO), spaced);
  return [
    unsung('dots-to-good', `lyrics/../${GOOD_AUDIO}`, 'ok'),
    unsung('dots-to-nothing', '../no-such-folder/../../nowhere.ogg', ['source-missing']),
    unsung('awkward-name', awkward, 'ok'),
    unsung('file-uri', pathToFileURL(spaced).href, 'ok'),
  ];
}

async function brokenLyrics(folder: string): Promise<Row[]> {
  await writeFile(join(folder, 'lyrics/binary.lrc'), binaryBytes());
  await writeFile(
    join(folder, 'lyrics/french.lrc'),
    '[00:01.00]la ville dort encore\n[00:05.00]sous la pluie\n',
  );
  const sung = (trackId: string, lyricsUri: string, language: string, code: FailureCode): Row => ({
    trackId,
    audioUri: GOOD_AUDIO,
    lyricsUri,
    language,
    fate: { audio: 'ok', transcode: 'ok', romanisation: [code] },
  });
  return [
    sung('lyrics-missing', 'lyrics/nowhere.lrc', 'ja', 'lyrics-missing'),
    sung('lyrics-binary', 'lyrics/binary.lrc', 'ja', 'lyrics-unreadable'),
    sung('lyrics-french', 'lyrics/french.lrc', 'fr', 'language-unsupported'),
    unsung('no-lyrics', GOOD_AUDIO, 'ok'),
  ];
}

/** A track without lyrics; transcode meets the same fate as the others unless told. */
function unsung(trackId: string, audioUri: string, audio: Outcome, transcode: Outcome = audio): Row {
  return { trackId, audioUri, fate: { audio, transcode, romanisation: ['no-lyrics'] } };
}

/** A CSV field after RFC 4180. */
function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
