import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backfill } from '../end-to-end/backfill.ts';
import { type Target, TARGETS, docker, hasEngine, image, runContainer } from './docker.ts';

const SAMPLE = fileURLToPath(new URL('../../manifests/sample', import.meta.url));
const USER = '10001:10001';
const MEGABYTE = 1e6;

const PROGRAMS: Readonly<Record<Target, readonly string[]>> = {
  fingerprint: ['ffmpeg', 'ffprobe', 'fpcalc', 'node', 'tini'],
  chorus: ['ffmpeg', 'ffprobe', 'node', 'tini'],
  pitch: ['ffmpeg', 'ffprobe', 'node', 'tini'],
  romanisation: ['node', 'tini'],
  transcode: ['ffmpeg', 'ffprobe', 'node', 'tini'],
  all: ['ffmpeg', 'ffprobe', 'fpcalc', 'node', 'tini'],
};
/** One of each language; a song with a voice; one file for each container of the sample. */
const TRIED: Readonly<Record<Exclude<Target, 'all'>, readonly string[]>> = {
  fingerprint: ['audio/ja-yoake-no-eki.mp3', 'audio/ja-hotaru-no-tegami.m4a'],
  chorus: ['audio/yue-hoi-pong-dang-fo.ogg'],
  pitch: ['audio/yue-tin-toi-ge-jyu.opus', 'audio/inst-doors-close.wav'],
  romanisation: [
    'lyrics/ja-yoake-no-eki.lrc',
    'lyrics/yue-hoi-pong-dang-fo.lrc',
    'lyrics/ko-bom-ui-golmok.lrc',
    'lyrics/zh-zhi-feiji.lrc',
  ],
  transcode: ['audio/inst-doors-open.flac'],
};

describe.runIf(hasEngine)('images of workers', () => {
  describe.each(TARGETS)('%s', (target) => {
    it('is small', async () => {
      const bytes = Number(await docker('image', 'inspect', '--format', '{{.Size}}', image(target)));
      expect(bytes).toBeLessThan((target === 'romanisation' ? 300 : 450) * MEGABYTE);
    });

    it('holds the programs that it needs, and no other', async () => {
      const files = await filesOf(target);
      const programs = files.filter((path) => /(^|\/)s?bin\/[^/]+$/.test(path) && !path.startsWith('opt/'));
      expect(programs.map((path) => basename(path)).toSorted()).toEqual(PROGRAMS[target]);
      expect(files.filter((path) => /(^|\/)(npm|sh|bash|dash|busybox|apt|dpkg|cc)$/.test(path))).toEqual([
        // The records by which scanners know what is in an image.
        'var/lib/dpkg',
      ]);
      const readsLyrics = target === 'romanisation' || target === 'all';
      expect(files.some((path) => path.includes('node_modules/kuromoji/dict/'))).toBe(readsLyrics);
    });

    it('runs as nobody special, by a signal-forwarding init, with labels', async () => {
      const text = await docker('image', 'inspect', '--format', '{{json .Config}}', image(target));
      const { User, Entrypoint, Volumes, Labels } = JSON.parse(text) as Readonly<Record<string, unknown>>;
      expect(User).toBe(USER);
      expect(Entrypoint).toContain('/usr/bin/tini');
      expect(Volumes).toEqual({ '/scratch': {} });
      expect(Labels).toMatchObject({
        'org.opencontainers.image.title': `backfill-${target}`,
        'org.opencontainers.image.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
        'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}$/),
      });
    });
  });

  it('has all that doctor asks for in the image for all, with a scratch volume of any kind', async () => {
    const volume = `backfill-test-${randomUUID()}`;
    for (const mount of [[], ['--volume', `${volume}:/scratch`], ['--tmpfs', '/scratch:mode=1777']]) {
      const { code, stdout, stderr } = await runContainer('all', ['doctor', '--json'], [], mount);
      expect(code, `${mount.join(' ')} ${stdout} ${stderr}`).toBe(0);
    }
    await docker('volume', 'rm', volume);
  });

  describe.each(Object.entries(TRIED) as [Exclude<Target, 'all'>, string[]][])('%s', (algorithm, files) => {
    let renditions: string;
    beforeEach(async () => {
      renditions = await mkdtemp(join(tmpdir(), 'backfill-test-'));
      await chmod(renditions, 0o777);
    });
    afterEach(() => rm(renditions, { recursive: true, force: true }));

    it.each([algorithm, 'all'] as const)(
      'gives in the image for %s what it gives outside',
      async (target) => {
        for (const file of files) {
          const args = ['try', algorithm, join(SAMPLE, file), '--json', '--output', renditions];
          const inside = await runContainer(target, args, [SAMPLE, renditions]);
          expect(inside.code, inside.stderr).toBe(0);
          const outside = await backfill(args);
          expect(JSON.parse(inside.stdout)).toEqual(JSON.parse(outside.stdout));
        }
      },
    );
  });
});

/** Paths of an image's files and folders, without the leading slash. */
async function filesOf(target: Target): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'backfill-test-'));
  const container = (await docker('create', '--network', 'none', image(target))).trim();
  try {
    const archive = join(folder, 'image.tar');
    await docker('export', '--output', archive, container);
    const list = ['--list', '--file', archive];
    const { stdout } = await promisify(execFile)('tar', list, { maxBuffer: 64 * 1024 * 1024 });
    return stdout.split('\n').map((name) => name.replace(/\/$/, ''));
  } finally {
    await docker('rm', '--volumes', container);
    await rm(folder, { recursive: true, force: true });
  }
}
