/**
 * The images of workers, in the engine that BACKFILL_TEST_DOCKER_HOST names, as `node scripts/aws/images.js`
 * has built them there.
 */
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { Ended } from '../end-to-end/backfill.ts';

const REPOSITORY = process.env['BACKFILL_TEST_REPOSITORY'] ?? 'backfill';

export const TARGETS = ['fingerprint', 'chorus', 'pitch', 'romanisation', 'transcode', 'all'] as const;
export type Target = (typeof TARGETS)[number];

export interface Container {
  readonly name: string;
  readonly ended: Promise<Ended>;
}

/** Whether there is an engine; the suites are skipped without one. */
export const hasEngine: boolean = process.env['BACKFILL_TEST_DOCKER_HOST'] !== undefined;

export function image(target: Target): string {
  return `${REPOSITORY}:${target}`;
}

/** What a docker command prints. @throws where it fails */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args, {
    env: environment(),
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/**
 * Starts a container as Batch starts it: no root, a root file system that can not be written, a volume for
 * scratch files; and without a network, unless the options name one.
 *
 * @param folders of this machine that it sees, under the same names
 */
export function startContainer(
  target: Target,
  args: readonly string[],
  folders: readonly string[] = [],
  options: readonly string[] = [],
): Container {
  const name = `backfill-test-${randomUUID()}`;
  const mounts = folders.flatMap((folder) => ['--volume', `${folder}:${folder}`]);
  const network = options.includes('--network') ? [] : ['--network', 'none'];
  const settings = ['--rm', '--name', name, '--read-only', ...network, ...mounts, ...options];
  const child = spawn('docker', ['run', ...settings, image(target), ...args], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { name, ended };
}

/** Runs a container to its end. */
export function runContainer(...args: Parameters<typeof startContainer>): Promise<Ended> {
  return startContainer(...args).ended;
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, DOCKER_HOST: process.env['BACKFILL_TEST_DOCKER_HOST'] };
}
