import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { type Program, findExecutable, installHint, requireProgram } from '../audio/program-path.ts';
import { messageOf } from '../errors.ts';
import { type ObjectStore, PreconditionFailed } from '../store/object-store.ts';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly found: string;
  /** What to do about it, where it is not as it should be. */
  readonly mend?: string;
}

/** What decodes and probes for every algorithm that hears. */
const MEDIA_PROGRAMS: readonly Program[] = ['ffmpeg', 'ffprobe'];
const REQUIRED_NODE_MAJOR = 24;
/** Muxers, encoders and filters that the pass is built of. */
const FFMPEG_PARTS: readonly {
  readonly list: '-encoders' | '-filters';
  readonly names: readonly string[];
}[] = [
  { list: '-encoders', names: ['aac', 'libmp3lame', 'libopus', 'flac'] },
  { list: '-filters', names: ['ebur128'] },
];

/** Makes sure that the programs of some algorithms are there. @throws BackfillError `program-missing` */
export async function requirePrograms(algorithms: readonly Algorithm[]): Promise<void> {
  for (const program of programsOf(algorithms)) await requireProgram(program);
}

/** Looks at all that a run on this machine needs. Never throws for what it finds. */
export async function diagnose(store: ObjectStore, algorithms: readonly Algorithm[]): Promise<Check[]> {
  const checks = [checkNode()];
  for (const program of programsOf(algorithms)) checks.push(await checkProgram(program));
  checks.push(await checkFfmpegParts(), await checkStore(store));
  return checks;
}

function programsOf(algorithms: readonly Algorithm[]): readonly Program[] {
  const heard = algorithms.some(({ input }) => input.kind !== 'lyrics');
  const own = algorithms.flatMap(({ programs }) => (programs ?? []) as readonly Program[]);
  return [...new Set([...(heard ? MEDIA_PROGRAMS : []), ...own])];
}

function checkNode(): Check {
  const { node } = process.versions;
  const ok = Number.parseInt(node, 10) >= REQUIRED_NODE_MAJOR;
  return { name: 'node', ok, found: node, ...(ok ? {} : { mend: `install Node ${REQUIRED_NODE_MAJOR}` }) };
}

async function checkProgram(name: Program): Promise<Check> {
  const path = await findExecutable(name);
  if (path === undefined) return { name, ok: false, found: 'not in PATH', mend: installHint(name) };
  try {
    const { stdout, stderr } = await promisify(execFile)(path, ['-version']);
    const version = (stdout || stderr).split('\n')[0] ?? '';
    return { name, ok: true, found: `${version.replace(/ Copyright.*/, '')} (${path})` };
  } catch (error) {
    return { name, ok: false, found: `does not run: ${messageOf(error)}`, mend: installHint(name) };
  }
}

async function checkFfmpegParts(): Promise<Check> {
  const name = 'ffmpeg parts';
  const path = await findExecutable('ffmpeg');
  if (path === undefined) return { name, ok: false, found: 'no ffmpeg', mend: installHint('ffmpeg') };
  const missing: string[] = [];
  for (const { list, names } of FFMPEG_PARTS) {
    const { stdout } = await promisify(execFile)(path, ['-hide_banner', list]);
    missing.push(...names.filter((part) => !new RegExp(`^ \\S+ +${part} `, 'm').test(stdout)));
  }
  if (missing.length === 0) return { name, ok: true, found: 'all encoders and filters that are used' };
  return { name, ok: false, found: `without ${missing.join(', ')}`, mend: 'install a full build of ffmpeg' };
}

/** Writes, reads and swaps, and sees that a swap over a stale version is really refused. */
async function checkStore(store: ObjectStore): Promise<Check> {
  const name = 'store';
  const key = `doctor/${randomUUID()}`;
  const bytes = (text: string) => new TextEncoder().encode(text);
  try {
    const first = await store.put(key, bytes('1'), { ifNoneMatch: '*' });
    await store.put(key, bytes('2'), { ifMatch: first.etag });
    const refused = await store.put(key, bytes('3'), { ifMatch: first.etag }).then(
      () => false,
      (error: unknown) => error instanceof PreconditionFailed,
    );
    await store.delete(key);
    if (refused) return { name, ok: true, found: `${store.uri} can be written, and refuses stale writes` };
    const mend = 'use another store: commits are not safe in this one';
    return { name, ok: false, found: `${store.uri} accepts stale writes`, mend };
  } catch (error) {
    const mend = 'name a folder that can be written with --store';
    return { name, ok: false, found: `${store.uri}: ${messageOf(error)}`, mend };
  }
}
