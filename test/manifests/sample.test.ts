import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../manifests/sample/catalogue.ts';
import { writeLrc } from '../../manifests/sample/lrc.ts';
import { perform } from '../../manifests/sample/perform.ts';
import { encodeText } from '../../manifests/sample/text-encoding.ts';
import { layOut } from '../../manifests/sample/timeline.ts';
import { type TrackTruth, truthOf } from '../../manifests/sample/truth.ts';

const MANIFESTS = join(import.meta.dirname, '../../manifests');
const rows = parse<Record<string, string>>(readFileSync(join(MANIFESTS, 'sample.csv')), { columns: true });
const truth: Record<string, TrackTruth> = JSON.parse(
  readFileSync(join(MANIFESTS, 'sample/truth.json'), 'utf8'),
);
const ENCODINGS: Record<string, string> = {
  'ja-hotaru-no-tegami': 'shift_jis',
  'zh-zhi-feiji': 'gb18030',
};

test('the manifest lists every track of the truth, and every file beside it', () => {
  expect(rows.map((row) => row['track_id'])).toEqual(Object.keys(truth));
  const listed = rows
    .flatMap((row) => [row['audio_uri'] ?? '', row['lyrics_uri'] ?? ''])
    .filter((uri) => uri !== '');
  const present = ['audio', 'lyrics'].flatMap((folder) =>
    readdirSync(join(MANIFESTS, 'sample', folder)).map((file) => `sample/${folder}/${file}`),
  );
  expect(new Set(present)).toEqual(new Set(listed));
  expect(present.length).toBe(listed.length);
});

test('the sample has each format, all four languages, instrumentals, and rows without a duration', () => {
  const formats = rows.map((row) => extname(row['audio_uri'] ?? ''));
  expect(new Set(formats)).toEqual(new Set(['.mp3', '.ogg', '.flac', '.m4a', '.opus', '.wav']));
  expect(new Set(rows.map((row) => row['language']))).toEqual(new Set(['ja', 'yue', 'ko', 'zh', 'und', '']));
  expect(rows.filter((row) => row['lyrics_uri'] === '').length).toBeGreaterThanOrEqual(2);
  expect(rows.filter((row) => row['duration_s'] === '').length).toBeGreaterThanOrEqual(2);
});

test('the sample stays small', () => {
  const folder = join(MANIFESTS, 'sample');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
  const bytes = files.map((file) => statSync(file)).filter((stat) => stat.isFile());
  expect(bytes.reduce((sum, stat) => sum + stat.size, 0)).toBeLessThan(4_000_000);
});

describe.each(rows.map((row) => ({ id: row['track_id'] ?? '', row })))('$id', ({ id, row }) => {
  const song = CATALOGUE.find(({ trackId }) => trackId === id);
  if (song === undefined) throw new Error(`no song ${id}`);
  const known = truth[id];
  if (known === undefined) throw new Error(`no truth for ${id}`);
  const audio = join(MANIFESTS, row['audio_uri'] ?? '');

  test('the truth is what the song says today', () => {
    expect(known).toEqual(truthOf(song, layOut(song)));
  });

  test('ffprobe finds the audio that the song describes', () => {
    const { streams, format, audioStream } = probe(audio);
    expect(audioStream['channels']).toBe(song.audio.channels);
    expect(audioStream['sample_rate']).toBe(String(song.audio.sampleRate));
    expect(Math.abs(Number(format.duration) - known.duration_s)).toBeLessThan(0.1);
    const declared = row['duration_s'] === '' ? known.duration_s : Number(row['duration_s']);
    expect(declared).toBeCloseTo(known.duration_s, 2);
    expect(streams.map((stream) => stream['codec_type'])).toEqual(
      song.audio.tagged === true ? ['audio', 'video'] : ['audio'],
    );
  });

  if (song.audio.tagged === true)
    test('title and artist stand in the file', () => {
      expect(probe(audio).format.tags).toMatchObject({ title: row['title'], artist: row['artist'] });
    });

  test('sections follow each other to the tail, and the chorus comes at least twice', () => {
    const ends = known.sections.map((section) => section.end_s);
    expect(known.sections.map((section) => section.start_s)).toEqual([0, ...ends.slice(0, -1)]);
    expect(known.duration_s - (ends.at(-1) ?? 0)).toBeCloseTo(1, 3);
    expect(known.choruses.length).toBeGreaterThanOrEqual(2);
  });

  test('choruses are the same melody', () => {
    const melodies = known.choruses.map(({ start_s, end_s }) =>
      known.notes
        .filter((note) => note.start_s >= start_s - 1e-3 && note.start_s < end_s - 1e-3)
        .map((note) => `${(note.start_s - start_s).toFixed(2)} ${note.midi}`),
    );
    for (const melody of melodies) expect(melody).toEqual(melodies[0]);
    expect(melodies[0]?.length).toBeGreaterThan(5);
  });

  if (known.sections.some(({ label }) => label === 'verse'))
    test('a chorus is louder than a verse', () => {
      const samples = decode(audio);
      const power = (label: string): number => {
        const spans = known.sections.filter((section) => section.label === label);
        return Math.max(...spans.map(({ start_s, end_s }) => meanSquare(samples, start_s, end_s)));
      };
      expect(10 * Math.log10(power('chorus') / power('verse'))).toBeGreaterThan(2);
    });

  test('notes come one after another, within the voice that trackers look for', () => {
    for (const [index, note] of known.notes.entries()) {
      expect(note.end_s).toBeGreaterThan(note.start_s);
      expect(note.start_s).toBeGreaterThanOrEqual(known.notes[index - 1]?.end_s ?? 0);
      expect(note.midi).toBeGreaterThanOrEqual(50);
      expect(note.midi).toBeLessThanOrEqual(79);
    }
  });

  if (row['lyrics_uri'] !== '')
    test('lyrics stand as LRC, at the times of the melody', () => {
      const bytes = readFileSync(join(MANIFESTS, row['lyrics_uri'] ?? ''));
      const text = new TextDecoder(ENCODINGS[id] ?? 'utf-8', { fatal: true }).decode(bytes);
      const offset = Number(/\[offset:([+-]?\d+)\]/.exec(text)?.[1] ?? 0) / 1000;
      const stamped = text.split(/\r?\n/).flatMap((line) => {
        const stamps = [...line.matchAll(/\[(\d\d):(\d\d\.\d\d)\]/g)];
        const words = line.replace(/\[[^\]]*\]/g, '');
        return stamps.map(([, minutes, seconds]) => ({
          start_s: Number(minutes) * 60 + Number(seconds) - offset,
          text: words,
        }));
      });
      stamped.sort((a, b) => a.start_s - b.start_s);
      expect(stamped.map((line) => line.text)).toEqual(known.lines.map((line) => line.text));
      for (const [index, line] of stamped.entries()) {
        expect(Math.abs(line.start_s - (known.lines[index]?.start_s ?? 0))).toBeLessThan(0.0051);
        expect(line.start_s).toBeLessThan(known.duration_s);
      }
      expect(stamped.length).toBeGreaterThanOrEqual(8);
      expect(stamped.length).toBeLessThanOrEqual(20);
      expect(text).toContain(`[ti:${row['title']}]`);
    });

  const { lyricsFile } = song;
  if (lyricsFile !== undefined)
    test('the lyrics file is what the song writes today', () => {
      const written = encodeText(writeLrc(song, lyricsFile, layOut(song).lines), lyricsFile.encoding);
      expect(Buffer.from(written)).toEqual(readFileSync(join(MANIFESTS, row['lyrics_uri'] ?? '')));
    });

  if (/^(yue|zh|ko)-/.test(id))
    test('each syllable has its note', () => {
      for (const [index, line] of known.lines.entries()) {
        if (/[a-z]/i.test(line.text)) continue;
        const next = known.lines[index + 1]?.start_s ?? Number.POSITIVE_INFINITY;
        const notes = known.notes.filter((note) => note.start_s >= line.start_s && note.start_s < next);
        expect(notes.length, line.text).toBe([...line.text.replaceAll(' ', '')].length);
      }
    });
});

test('a performance repeats to the sample, and the committed file is it', () => {
  const song = CATALOGUE.find(({ audio }) => audio.format === 'wav');
  if (song === undefined) throw new Error('no WAV in the sample');
  const [once, again] = [perform(song, layOut(song)), perform(song, layOut(song))];
  expect(again).toEqual(once);
  const committed = decode(join(MANIFESTS, `sample/audio/${song.trackId}.wav`), song.audio.sampleRate);
  const performed = once[0] ?? new Float32Array();
  expect(committed.length).toBe(performed.length);
  for (let i = 0; i < committed.length; i += 997) {
    expect(Math.abs((committed[i] ?? 0) - (performed[i] ?? 0))).toBeLessThan(1e-4);
  }
});

interface Probed {
  readonly streams: readonly Record<string, unknown>[];
  readonly format: { readonly duration: string; readonly tags?: Record<string, string> };
}

function probe(file: string): Probed & { readonly audioStream: Record<string, unknown> } {
  const json = execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', file]);
  const probed: Probed = JSON.parse(json.toString());
  const audioStream = probed.streams.find((stream) => stream['codec_type'] === 'audio');
  if (audioStream === undefined) throw new Error(`no audio in ${basename(file)}`);
  return { ...probed, audioStream };
}

function decode(file: string, sampleRate = 16_000): Float32Array {
  const output = ['-map', '0:a', '-ac', '1', '-ar', String(sampleRate), '-f', 'f32le', '-'];
  const bytes = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', file, ...output], {
    maxBuffer: 64 * 2 ** 20,
  });
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function meanSquare(samples: Float32Array, start: number, end: number): number {
  const span = samples.subarray(Math.round(start * 16_000), Math.round(end * 16_000));
  return span.reduce((sum, sample) => sum + sample * sample, 0) / span.length;
}
