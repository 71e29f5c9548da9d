import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
const { signal } = new AbortController();

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

/** As a fresh process sees it: programs that were found are remembered. */
async function inspect() {
  const { inspectPrograms } = await import('../../src/audio/programs.ts');
  return inspectPrograms({ signal });
}

it('finds the programs of this machine, with their versions', async () => {
  const reports = await inspect();
  expect(reports.map(({ name }) => name)).toEqual(['ffmpeg', 'ffprobe', 'fpcalc']);
  for (const report of reports) {
    expect(report).toMatchObject({
      path: expect.stringMatching(/^\//),
      version: expect.stringMatching(/\d/),
      lacking: [],
      hint: undefined,
    });
  }
});

it('says what to install where there are none', async () => {
  vi.stubEnv('PATH', folder);
  for (const report of await inspect()) {
    expect(report).toMatchObject({ path: undefined, version: undefined });
    expect(report.hint).toMatch(report.name === 'fpcalc' ? /chromaprint/ : /ffmpeg/);
  }
  const { probe } = await import('../../src/audio/probe.ts');
  await expect(probe('/any.wav', { signal })).rejects.toMatchObject({
    code: 'program-missing',
    fault: 'environment',
  });
});

it('names what a build lacks', async () => {
  const script =
    '#!/bin/sh\ncase "$*" in *-version*) echo "ffmpeg version 6.0";; *-encoders*) echo " A..... aac  AAC";; *) echo " ... ebur128 A->N loud";; esac\n';
  for (const name of ['ffmpeg', 'ffprobe', 'fpcalc']) {
    await writeFile(join(folder, name), script);
    await chmod(join(folder, name), 0o755);
  }
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
  const [ffmpeg] = await inspect();
  expect(ffmpeg).toMatchObject({
    version: '6.0',
    lacking: expect.arrayContaining(['encoder libmp3lame', 'encoder libopus', 'filter volumedetect']),
  });
  expect(ffmpeg?.lacking).not.toContain('encoder aac');
});
