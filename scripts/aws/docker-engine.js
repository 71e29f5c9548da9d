// A Docker engine for as long as it is needed: the one that answers already, or else one of our own in a temporary
// folder. Plain JavaScript, so that any Node runs it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const START_SECONDS = 60;
const STOP_SECONDS = 30;
/** What an engine and its base images take, by Debian's names. */
const PROGRAMS = { dockerd: 'docker.io', docker: 'docker.io', debootstrap: 'debootstrap' };

/**
 * @typedef {object} DockerEngine
 * @property {string} host what DOCKER_HOST is to be
 * @property {() => Promise<void>} close ends the engine, if it is our own, with its containers and images
 */

/**
 * Finds an engine that answers (DOCKER_HOST, or Docker's own default), or starts one. Ours needs root: it has no
 * bridge network, so that builds and containers want `--network=host`; it dies with this process, and its `close`
 * leaves nothing behind.
 *
 * @param {(line: string) => void} [log]
 * @returns {Promise<DockerEngine | { reason: string }>} `reason`: why there is no engine
 */
export async function startDockerEngine(log = () => {}) {
  const present = answeringHost();
  if (present !== undefined) {
    log(`Docker answers at ${present}`);
    return { host: present, close: async () => {} };
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return { reason: 'no Docker engine answers, and only root on Linux can start one' };
  }
  const lacking = installPrograms(log);
  if (lacking !== undefined) return { reason: lacking };
  return startOwn(log);
}

/** @returns {Promise<DockerEngine | { reason: string }>} */
async function startOwn(log) {
  const folder = mkdtempSync(join(tmpdir(), 'backfill-docker-'));
  const host = `unix://${folder}/docker.sock`;
  const started = performance.now();
  // With the death signal, not even a SIGKILL of this process leaves an engine behind.
  const daemon = spawn(
    'setpriv',
    // biome-ignore format: options with their values
    [
      '--pdeathsig', 'TERM',
      'dockerd', '--host', host, '--iptables=false', '--bridge=none', '--log-level', 'error',
      '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'docker.pid'),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  daemon.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)));
  const ended = new Promise((resolve) => {
    daemon.once('error', resolve);
    daemon.once('exit', resolve);
  });
  const close = async () => {
    daemon.kill('SIGTERM');
    const late = new AbortController();
    const kill = delay(STOP_SECONDS * 1000, undefined, { signal: late.signal }).then(
      () => daemon.kill('SIGKILL'),
      () => {},
    );
    await ended;
    late.abort();
    await kill;
    unmountBelow(folder);
    // Layers are a hundred thousand files: rm takes a fraction of the time that Node does.
    spawnSync('rm', ['-rf', folder]);
  };
  while (daemon.exitCode === null && performance.now() - started < START_SECONDS * 1000) {
    if (answers(host)) {
      log(`dockerd answers at ${host} after ${((performance.now() - started) / 1000).toFixed(1)} s`);
      return { host, close };
    }
    await delay(100);
  }
  await close();
  return { reason: `dockerd does not come up: ${said.trim().split('\n').at(-1) || 'it says nothing'}` };
}

/** The host of an engine that answers as things are, or undefined. */
function answeringHost() {
  const host = process.env.DOCKER_HOST ?? contextHost();
  return host !== undefined && answers(host) ? host : undefined;
}

/** Where Docker's current context points (Docker Desktop and rootless engines have sockets of their own). */
function contextHost() {
  const format = '{{.Endpoints.docker.Host}}';
  const { status, stdout } = spawnSync('docker', ['context', 'inspect', '--format', format], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

function answers(host) {
  return spawnSync('docker', ['--host', host, 'version'], { stdio: 'ignore' }).status === 0;
}

/** Installs what is missing where apt can. @returns {string | undefined} why something is still missing */
function installPrograms(log) {
  const missing = Object.keys(PROGRAMS).filter((program) => !isInstalled(program));
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((program) => PROGRAMS[program]))];
  if (!isInstalled('apt-get')) return `${missing.join(', ')} missing, and no apt-get to install them with`;
  log(`installing ${packages.join(' ')} with apt-get`);
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, stderr } = spawnSync('apt-get', ['-qq', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    });
    if (status !== 0) return `apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1)}`;
  }
  return undefined;
}

function isInstalled(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

/** An engine that was killed leaves mounts, in which nothing can be removed. */
function unmountBelow(folder) {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounts.toReversed()) spawnSync('umount', ['--lazy', path]);
}
