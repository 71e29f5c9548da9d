import type { Algorithm } from '../algorithms/algorithm.ts';
import { type Program, requireProgram } from '../audio/program-path.ts';
import { type ProgramReport, inspectPrograms } from '../audio/programs.ts';

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
