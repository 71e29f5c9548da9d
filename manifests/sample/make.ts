/**
 * Makes the sample catalogue anew: `npm run sample` writes sample.csv, and its audio, lyrics and
 * truth.json under sample/. Needs ffmpeg; the same ffmpeg makes the same bytes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CATALOGUE } from './catalogue.ts';
import { encode } from './encode.ts';
import { writeLrc } from './lrc.ts';
import { perform } from './perform.ts';
import type { Song } from './song.ts';
import { encodeText } from './text-encoding.ts';
import { layOut } from './timeline.ts';
import { truthOf } from './truth.ts';

const SAMPLE = import.meta.dirname;
const MANIFEST = join(SAMPLE, '..', 'sample.csv');

await mkdir(join(SAMPLE, 'audio'), { recursive: true });
await mkdir(join(SAMPLE, 'lyrics'), { recursive: true });

const rows = ['track_id,audio_uri,duration_s,lyrics_uri,language,title,artist'];
const truths: string[] = [];
for (const song of CATALOGUE) {
  const timeline = layOut(song);
  const audio = `audio/${song.trackId}.${song.audio.format}`;
  await encode(song, perform(song, timeline), join(SAMPLE, audio));
  let lyrics: string | undefined;
  if (song.lyricsFile !== undefined) {
    lyrics = `lyrics/${song.trackId}.lrc`;
    const text = writeLrc(song, song.lyricsFile, timeline.lines);
    await writeFile(join(SAMPLE, lyrics), encodeText(text, song.lyricsFile.encoding));
  }
  rows.push(manifestRow(song, audio, lyrics, timeline.durationSeconds));
  truths.push(`${JSON.stringify(song.trackId)}: ${JSON.stringify(truthOf(song, timeline))}`);
}
await writeFile(MANIFEST, `${rows.join('\n')}\n`);
await writeFile(join(SAMPLE, 'truth.json'), `{\n${truths.join(',\n')}\n}\n`);

/** A line of the manifest; no value of ours needs quotes. */
function manifestRow(song: Song, audio: string, lyrics: string | undefined, seconds: number): string {
  return [
    song.trackId,
    `sample/${audio}`,
    song.declaresDuration ? seconds.toFixed(3) : '',
    lyrics === undefined ? '' : `sample/${lyrics}`,
    song.language ?? '',
    song.title,
    song.artist,
  ].join(',');
}
