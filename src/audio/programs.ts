/** What `backfill doctor` asks about the programs behind `src/audio`: where they are, their versions, what they lack. */
import { runProgram } from './child-program.ts';
import { withDeadline } from './deadline.ts';
import { findExecutable, installHint, type Program } from './program-path.ts';

const TIMEOUT_SECONDS = 20;
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** What each of them is for, so that a run that does without can go on. */
const PURPOSES: Readonly<Record<Program, string>> = {
  ffmpeg: 'decoding and encoding',
  ffprobe: 'reading what a file holds',
  fpcalc: 'fingerprints',
};

export interface ProgramReport {
  readonly name: Program;
  readonly purpose: string;
  /** Undefined where it is not in PATH. */
  readonly path: string | undefined;
  /** As it calls itself: `5.1.9-0+deb12u1`. Undefined where it is missing or does not say. */
  readonly version: string | undefined;
  /** Parts that are needed and that this build lacks: `encoder libmp3lame`, `filter ebur128`. */
  readonly lacking: readonly string[];
  /** How to get it, where it is missing or lacks something. */
  readonly hint: string | undefined;
}

/** The encoders and filters that renditions need; decoders are part of every build. */
const NEEDED: readonly {
  readonly option: '-encoders' | '-filters';
  readonly kind: string;
  readonly names: readonly string[];
}[] = [
  { option: '-encoders', kind: 'encoder', names: ['aac', 'libmp3lame', 'libopus', 'flac'] },
  { option: '-filters', kind: 'filter', names: ['aresample', 'atrim', 'volumedetect', 'ebur128'] },
];

/** Looks at ffmpeg, ffprobe and fpcalc. Never throws for what it finds; only the signal's reason on abort. */
export async function inspectPrograms(options: {
  readonly signal: AbortSignal;
}): Promise<readonly ProgramReport[]> {
  return Promise.all([
    inspect('ffmpeg', '-version', options.signal),
    inspect('ffprobe', '-version', options.signal),
    inspect('fpcalc', '-version', options.signal),
  ]);
}

async function inspect(name: Program, versionOption: string, signal: AbortSignal): Promise<ProgramReport> {
  const path = await findExecutable(name);
  const purpose = PURPOSES[name];
  if (path === undefined) {
    return { name, purpose, path, version: undefined, lacking: [], hint: installHint(name) };
  }
  const version = /version (\S+)/.exec(await output(name, [versionOption], signal))?.[1];
  const lacking = name === 'ffmpeg' ? await findLacking(signal) : [];
  const broken = version === undefined || lacking.length > 0;
  return { name, purpose, path, version, lacking, hint: broken ? installHint(name) : undefined };
}

async function findLacking(signal: AbortSignal): Promise<readonly string[]> {
  const lacking: string[] = [];
  for (const { option, kind, names } of NEEDED) {
    // A line of the list: flags, the name, what it is.
    const listed = (await output('ffmpeg', ['-hide_banner', option], signal))
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[1]);
    lacking.push(...names.filter((name) => !listed.includes(name)).map((name) => `${kind} ${name}`));
  }
  return lacking;
}

/** What a program prints; nothing where it can not be run. */
async function output(program: Program, args: readonly string[], signal: AbortSignal): Promise<string> {
  try {
    const { stdout } = await withDeadline({ signal, seconds: TIMEOUT_SECONDS, what: program }, (deadline) =>
      runProgram({ program, arguments: args, signal: deadline, maxOutputBytes: MAX_OUTPUT_BYTES }),
    );
    return stdout;
  } catch {
    signal.throwIfAborted();
    return '';
  }
}
