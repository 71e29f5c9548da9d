import { randomUUID } from 'node:crypto';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { type Program, requireProgram } from '../audio/program-path.ts';
import { type ProgramReport, inspectPrograms } from '../audio/programs.ts';
import { BackfillError, messageOf } from '../errors.ts';
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
/** Makes sure that the programs of some algorithms are there. @throws BackfillError `program-missing` */
export async function requirePrograms(algorithms: readonly Algorithm[]): Promise<void> {
  for (const program of programsOf(algorithms)) await requireProgram(program);
}

/** Looks at the programs that a run on this machine needs. Never throws for what it finds. */
export async function diagnoseHere(algorithms: readonly Algorithm[]): Promise<Check[]> {
  const needed = programsOf(algorithms);
  const reports = await inspectPrograms({ signal: new AbortController().signal });
  const programs = reports.filter(({ name }) => needed.includes(name)).map(checkProgram);
  return [checkNode(), ...programs];
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

function checkProgram({ name, path, version, lacking, hint, purpose }: ProgramReport): Check {
  const found =
    path === undefined
      ? `not in PATH; it is for ${purpose}`
      : version === undefined
        ? `${path} does not run`
        : `${version} (${path})${lacking.length === 0 ? '' : `, without ${lacking.join(', ')}`}`;
  return { name, ok: hint === undefined, found, ...(hint === undefined ? {} : { mend: hint }) };
}

/**
 * Opens a store, writes, reads and swaps, and sees that a swap over a stale version is really refused. Never
 * throws for what it finds.
 */
export async function diagnoseStore(
  location: string,
  open: (location: string) => Promise<ObjectStore>,
): Promise<Check> {
  const name = 'store';
  const key = `doctor/${randomUUID()}`;
  const bytes = (text: string) => new TextEncoder().encode(text);
  try {
    const store = await open(location);
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
    const hint = error instanceof BackfillError ? error.hint : undefined;
    const mend = hint ?? 'name a folder that can be written, or a bucket, with --store';
    return { name, ok: false, found: `${location}: ${messageOf(error)}`, mend };
  }
}
