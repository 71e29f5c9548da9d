import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../src/audio/probe.ts';
import { decode, encode, run, writeMusic } from './make-audio.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
const signal = new AbortController().signal;
let music: string;

beforeAll(async () => {
  music = await writeMusic(join(folder, 'music.wav'), { seconds: 6 });
});

/** The code that probing `path` fails with, or `fine`. */
async function outcome(path: string): Promise<string> {
  try {
    await probe(path, { signal });
    return 'fine';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('what a source is', () => {
  it.each([
    ['wav', [], 'wav', 'pcm_s16le', 44100],
    ['flac', [], 'flac', 'flac', 44100],
    ['mp3', ['-b:a', '128k'], 'mp3', 'mp3', 44100],
    ['ogg', ['-c:a', 'libvorbis'], 'ogg', 'vorbis', 44100],
    ['opus', ['-c:a', 'libopus'], 'ogg', 'opus', 48000],
    ['m4a', ['-c:a', 'aac'], 'mov,mp4,m4a,3gp,3g2,mj2', 'aac', 44100],
    ['mka', ['-c:a', 'flac'], 'matroska,webm', 'flac', 44100],
  ])('%s', async (extension, options, container, codec, sampleRate) => {
    const info = await probe(await encode(folder, music, `kind.${extension}`, ...options), { signal });
    expect(info).toMatchObject({ container, codec, sampleRate, channels: 2 });
    expect(info.durationSeconds).toBeCloseTo(6, 1);
  });

  it('tells the bits of a lossless sample', async () => {
    const path = await encode(folder, music, 'deep.flac', '-sample_fmt', 's32');
    expect((await probe(path, { signal })).bitsPerSample).toBe(24);
  });

  it('gives no duration where the container declares none', async () => {
    const path = await encode(folder, music, 'raw.aac', '-c:a', 'aac');
    expect((await probe(path, { signal })).durationSeconds).toBeUndefined();
  });

  it.each([
    ['44.1 kHz', [], 1152],
    ['22.05 kHz, mono', ['-ar', '22050', '-ac', '1'], 576],
    ['8 kHz', ['-ar', '8000'], 576],
    ['a variable bit rate', ['-q:a', '4'], 1152],
  ])('counts the frames of an mp3 that does not: %s', async (name, options, samples) => {
    const path = await encode(folder, music, `uncounted-${name}.mp3`, '-write_xing', '0', ...options);
    const { durationSeconds, sampleRate, channels } = await probe(path, { signal });
    const decoded = (await decode(path)).length / channels;
    expect(decoded % samples).toBe(0);
    expect(durationSeconds).toBeCloseTo(decoded / sampleRate, 6);
  });

  it('counts no frames across a gap', async () => {
    const bytes = await readFile(await encode(folder, music, 'gap.mp3', '-write_xing', '0'));
    const path = await written('gap.mp3', Buffer.concat([bytes.subarray(0, 40_000), bytes.subarray(40_100)]));
    expect((await probe(path, { signal })).durationSeconds).toBeUndefined();
  });

  it('opens names that read like options, patterns, URLs and lists', async () => {
    const odd = join(folder, `a b: 'q" 100%03d [x] 😀`);
    await mkdir(odd);
    const path = join(odd, '-i %d,file:"b".wav');
    await copyFile(music, path);
    expect((await probe(path, { signal })).durationSeconds).toBe(6);
  });

  it('finds the audio beside a cover', async () => {
    const cover = join(folder, 'cover.jpg');
    await run('ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64', '-frames:v', '1', cover);
    const path = join(folder, 'covered.m4a');
    await run(
      'ffmpeg',
      '-v',
      'error',
      '-i',
      cover,
      '-i',
      music,
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-c:v',
      'copy',
      '-c:a',
      'aac',
      '-disposition:v',
      'attached_pic',
      path,
    );
    expect(await probe(path, { signal })).toMatchObject({ codec: 'aac', channels: 2 });
  });
});

describe('what is no audio', () => {
  it('text that calls itself mp3', async () => {
    expect(await outcome(await written('text.mp3', 'Dear reader,\nthis is no music.\n'.repeat(50)))).toBe(
      'unsupported-format',
    );
  });

  it('a picture', async () => {
    const path = join(folder, 'picture.mp3');
    await run(
      'ffmpeg',
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc=d=1:s=64x64',
      '-frames:v',
      '1',
      '-f',
      'image2',
      path,
    );
    expect(await outcome(path)).toBe('unsupported-format');
  });

  it('a video without sound', async () => {
    const path = join(folder, 'mute.mp4');
    await run('ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64', path);
    await expect(probe(path, { signal })).rejects.toMatchObject({
      code: 'no-audio-stream',
      message: 'no audio stream in mov,mp4,m4a,3gp,3g2,mj2: only video',
    });
  });

  it('lists of other files, which are not opened', async () => {
    let connections = 0;
    const server = createServer((_, response) => response.end(secret)).on('connection', () => {
      connections += 1;
    });
    const secret = await readFile(music);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.wav`;
      const lists: Record<string, string> = {
        'list.m3u': `#EXTM3U\n${url}\n${music}\n`,
        'remote.m3u8': `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${url}\n#EXT-X-ENDLIST\n`,
        'local.mp3': `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${music}\n#EXT-X-ENDLIST\n`,
        'concat.mp3': `ffconcat version 1.0\nfile '${music}'\n`,
        'concat-remote.wav': `ffconcat version 1.0\nfile '${url}'\n`,
        'disc.cue': `FILE "${music}" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n`,
        'session.sdp':
          'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n',
        'manifest.mp4': `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>${url}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
      };
      for (const [name, content] of Object.entries(lists)) {
        expect([name, await outcome(await written(name, content))]).toEqual([name, 'unsupported-format']);
      }
      expect(connections).toBe(0);
    } finally {
      server.close();
    }
  });
});

describe('a file that is cut short', () => {
  it.each([
    ['wav', []],
    ['aiff', []],
    ['caf', []],
    ['wma', ['-c:a', 'wmav2']],
    ['m4a', ['-c:a', 'aac']],
    ['mp4', ['-c:a', 'aac', '-movflags', '+faststart']],
    ['ogg', ['-c:a', 'libvorbis']],
    ['opus', ['-c:a', 'libopus']],
  ])('%s, wherever it is cut', async (extension, options) => {
    const whole = await readFile(await encode(folder, music, `whole.${extension}`, ...options));
    expect(await outcome(await written(`uncut.${extension}`, whole))).toBe('fine');
    for (const end of [whole.length * 0.4, whole.length * 0.9, whole.length - 600]) {
      const path = await written(`cut.${extension}`, whole.subarray(0, end));
      expect([end, await outcome(path)]).toEqual([end, 'decode-failed']);
    }
  });

  it('ogg, between two pages', async () => {
    const whole = await readFile(await encode(folder, music, 'pages.ogg', '-c:a', 'libvorbis'));
    const path = await written('between.ogg', whole.subarray(0, whole.lastIndexOf('OggS')));
    await expect(probe(path, { signal })).rejects.toThrow('does not bear the end-of-stream flag');
  });

  it('but tags after an ogg stream, and a WAV that was streamed, are no fault', async () => {
    const ogg = await readFile(await encode(folder, music, 'tagged.ogg', '-c:a', 'libvorbis'));
    expect(
      await outcome(
        await written('trailing.ogg', Buffer.concat([ogg, Buffer.from(`TAG${' '.repeat(125)}`)])),
      ),
    ).toBe('fine');
    const streamed = await readFile(music);
    streamed.writeUInt32LE(0xffffffff, 40);
    expect(await outcome(await written('streamed.wav', streamed))).toBe('fine');
  });
});

describe('stopping', () => {
  it('gives the reason of an abort, before and while it runs', async () => {
    await expect(probe(music, { signal: AbortSignal.abort(new Error('shutting down')) })).rejects.toThrow(
      'shutting down',
    );
    const controller = new AbortController();
    const probing = probe(music, { signal: controller.signal });
    controller.abort(new Error('now'));
    await expect(probing).rejects.toThrow('now');
  });

  it('gives up after its time', async () => {
    await expect(probe(music, { signal, timeoutSeconds: 0.001 })).rejects.toMatchObject({ code: 'timeout' });
  });
});
