import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encode, run, writeMusic } from '../../audio/make-audio.ts';
import { scratchFolder } from '../../audio/scratch.ts';
import { encodeAll, encodeOne, RENDITIONS } from './encode-all.ts';

const LADDER = [RENDITIONS['aac-96'], RENDITIONS['mp3-128'], RENDITIONS['opus-96'], RENDITIONS.flac];
const folder = scratchFolder();
let music: string;
let plainMp3: Buffer;
let cover: string;

beforeAll(async () => {
  music = await writeMusic(join(folder, 'music.wav'), { seconds: 2 });
  cover = join(folder, 'cover.jpg');
  await run('ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64', '-frames:v', '1', cover);
  const mp3 = await encode(folder, music, 'plain.mp3', '-b:a', '128k', '-id3v2_version', '0');
  plainMp3 = await readFile(mp3);
});

interface Made {
  /** By their names in lower case. */
  readonly tags: Readonly<Record<string, string>>;
  readonly pictures: readonly string[];
  readonly chapters: readonly string[];
}

async function read(path: string): Promise<Made> {
  const report = JSON.parse(
    await run(
      'ffprobe',
      '-v',
      'error',
      '-show_format',
      '-show_streams',
      '-show_chapters',
      '-of',
      'json',
      path,
    ),
  );
  type Stream = { codec_name: string; width?: number; codec_type: string; tags?: Record<string, string> };
  const streams = report.streams as Stream[];
  const all = { ...streams.find(({ codec_type }) => codec_type === 'audio')?.tags, ...report.format.tags };
  return {
    tags: Object.fromEntries(Object.entries(all).map(([key, value]) => [key.toLowerCase(), String(value)])),
    pictures: streams
      .filter(({ codec_type }) => codec_type === 'video')
      .map(({ codec_name, width, tags }) => `${codec_name} ${width} ${tags?.comment ?? ''}`.trim()),
    chapters: report.chapters.map(
      ({ start_time, end_time, tags }: { start_time: string; end_time: string; tags?: { title: string } }) =>
        `${Number(start_time)}-${Number(end_time)} ${tags?.title}`,
    ),
  };
}

/** Every rendition of `path`, read again, by codec. */
async function readAll(path: string): Promise<Readonly<Record<'aac' | 'mp3' | 'opus' | 'flac', Made>>> {
  const { encoded } = await encodeAll(path, LADDER);
  const made: Record<string, Made> = {};
  for (const { encoding, path } of encoded) made[encoding.codec] = await read(path);
  return made as Record<'aac' | 'mp3' | 'opus' | 'flac', Made>;
}

/** An MP3 with an ID3v2.3 tag of these frames (id3.org, "ID3 tag version 2.3.0"). */
async function taggedMp3(
  name: string,
  frames: readonly (readonly [id: string, body: Buffer])[],
): Promise<string> {
  const bodies = frames.map(([id, body]) => {
    const header = Buffer.alloc(10);
    header.write(id, 'latin1');
    header.writeUInt32BE(body.length, 4);
    return Buffer.concat([header, body]);
  });
  const content = Buffer.concat(bodies);
  const size = [21, 14, 7, 0].map((shift) => (content.length >> shift) & 0x7f);
  const path = join(folder, name);
  await writeFile(
    path,
    Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, ...size]), content, plainMp3]),
  );
  return path;
}

const text = (value: string): Buffer => Buffer.from(`\0${value}`, 'latin1');
const picture = (type: number, mime: string, data: Buffer): readonly [string, Buffer] => [
  'APIC',
  Buffer.concat([Buffer.from(`\0${mime}\0`, 'latin1'), Buffer.from([type, 0]), data]),
];

describe('tags', () => {
  const TAGS = {
    title: "Ünï T'itle",
    artist: 'A;b',
    album_artist: 'C',
    track: '3',
    tracktotal: '12',
    disc: '1',
    disctotal: '2',
    date: '2020-05-01',
    isrc: 'USABC1234567',
    lyrics: 'one\ntwo',
  };
  const kept = {
    title: "Ünï T'itle",
    artist: 'A;b',
    album_artist: 'C',
    date: '2020-05-01',
    lyrics: 'one\ntwo',
  };
  const options = Object.entries(TAGS).flatMap(([tag, value]) => ['-metadata', `${tag}=${value}`]);

  it.each([
    ['flac', 'tagged.flac', []],
    ['ogg, where they stand elsewhere', 'tagged.ogg', ['-c:a', 'libvorbis']],
  ])('are kept, each as its container spells it: %s', async (_, name, codec) => {
    const { aac, mp3, opus, flac } = await readAll(await encode(folder, music, name, ...codec, ...options));
    for (const { tags } of [aac, mp3, opus, flac]) expect(tags).toMatchObject(kept);
    expect(aac.tags).toMatchObject({ track: '3/12', disc: '1/2' });
    expect(mp3.tags).toMatchObject({ track: '3/12', disc: '1/2', tsrc: 'USABC1234567' });
    for (const { tags } of [opus, flac]) {
      expect(tags).toMatchObject({ track: '3', tracktotal: '12', disc: '1', isrc: 'USABC1234567' });
    }
  });

  it('of ID3 get the names of Vorbis comments', async () => {
    const source = await taggedMp3('id3.mp3', [
      ['TIT2', text('Song')],
      ['TRCK', text('3/12')],
      ['TSRC', text('USABC1234567')],
      ['TBPM', text('120')],
    ]);
    const { aac, mp3, opus, flac } = await readAll(source);
    expect(aac.tags).toMatchObject({ title: 'Song', track: '3/12' });
    expect(mp3.tags).toMatchObject({ title: 'Song', tsrc: 'USABC1234567', tbpm: '120' });
    for (const { tags } of [opus, flac]) {
      expect(tags).toMatchObject({ title: 'Song', isrc: 'USABC1234567', bpm: '120' });
      expect(tags).not.toHaveProperty('tsrc');
    }
  });

  it('of any length are borne', async () => {
    const source = await taggedMp3('long.mp3', [
      ['TIT2', text('Song')],
      ['TSRC', text('X'.repeat(300_000))],
    ]);
    for (const { tags } of Object.values(await readAll(source))) expect(tags.title).toBe('Song');
  });

  it("that are true of the source's encoding only do not reach another", async () => {
    const source = await taggedMp3('delay.mp3', [
      ['TIT2', text('Song')],
      ['TLEN', text('99999')],
      ['TXXX', text('iTunSMPB\0 00000000 00000210 00000A5C 000000000001F2D4')],
      ['TXXX', text('REPLAYGAIN_TRACK_GAIN\0-6.5 dB')],
    ]);
    for (const { tags } of Object.values(await readAll(source))) {
      expect(tags.title).toBe('Song');
      for (const tag of ['tlen', 'itunsmpb', 'replaygain_track_gain']) expect(tags).not.toHaveProperty(tag);
    }
    const streamed = await encode(folder, music, 'streamed.mka', '-c:a', 'flac');
    expect(Object.keys((await readAll(streamed)).opus.tags)).toEqual(['encoder']);
  });

  it('of ReplayGain stay where the samples do', async () => {
    const gain = ['-metadata', 'REPLAYGAIN_TRACK_GAIN=-6.5 dB', '-metadata', 'REPLAYGAIN_ALBUM_PEAK=0.9'];
    const { aac, mp3, opus, flac } = await readAll(await encode(folder, music, 'gain.flac', ...gain));
    expect(flac.tags).toMatchObject({ replaygain_track_gain: '-6.5 dB', replaygain_album_peak: '0.9' });
    for (const { tags } of [aac, mp3, opus]) {
      expect(Object.keys(tags).filter((tag) => tag.includes('gain'))).toEqual([]);
    }
  });
});

describe('a cover', () => {
  it('is kept, and is the front one of several', async () => {
    const jpeg = await readFile(cover);
    const png = await readFile(await encode(folder, cover, 'back.png', '-vf', 'scale=32:32'));
    const source = await taggedMp3('two.mp3', [picture(4, 'image/png', png), picture(3, 'image/jpeg', jpeg)]);
    const { aac, mp3, opus, flac } = await readAll(source);
    expect(aac.pictures).toEqual(['mjpeg 64']);
    for (const { pictures } of [mp3, flac]) expect(pictures).toEqual(['mjpeg 64 Cover (front)']);
    expect(opus.pictures).toEqual([]);
  });

  it.each([
    ['noise', 'image/jpeg', () => Buffer.alloc(3000, 0x5a)],
    ['a byte', 'image/png', () => Buffer.alloc(1)],
    ['nothing', 'image/jpeg', () => Buffer.alloc(0)],
    ['another kind than it says', 'image/png', async () => readFile(cover)],
    ['a link', '-->', () => Buffer.from('http://example.com/cover.jpg')],
  ])('that is %s does not fail the track', async (name, mime, data) => {
    const source = await taggedMp3(`broken ${name}.mp3`, [
      ['TIT2', text('Song')],
      picture(3, mime, await data()),
    ]);
    for (const { tags, pictures } of Object.values(await readAll(source))) {
      expect(tags.title).toBe('Song');
      expect(pictures).toEqual([]);
    }
  });
});

describe('chapters', () => {
  async function book(name: string, lastEnd: number, ...options: readonly string[]): Promise<string> {
    const list = join(folder, 'chapters.txt');
    const chapter = (start: number, end: number, title: string): string =>
      `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start}\nEND=${end}\ntitle=${title}\n`;
    await writeFile(list, `;FFMETADATA1\n${chapter(0, 700, 'One')}${chapter(700, lastEnd, 'Zwöi')}`);
    return encode(folder, music, name, '-i', list, '-map_chapters', '1', ...options);
  }

  it.each([
    ['book.m4a', ['-c:a', 'aac']],
    ['book.mka', ['-c:a', 'flac']],
  ])('are kept in m4a and mp3: %s', async (name, options) => {
    const source = await book(name, 2000, ...options);
    const { aac, mp3, opus, flac } = await readAll(source);
    for (const { chapters } of [aac, mp3]) expect(chapters).toEqual(['0-0.7 One', '0.7-2 Zwöi']);
    for (const { chapters } of [opus, flac]) expect(chapters).toEqual([]);
    const bytes = await readFile(await encodeOne(source, 'aac-96'));
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  it('that go on after the audio are left out: players would show their length', async () => {
    const { aac, mp3 } = await readAll(await book('long.mka', 90_000, '-c:a', 'flac'));
    expect([aac.chapters, mp3.chapters]).toEqual([[], []]);
  });
});
