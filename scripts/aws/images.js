// Builds the images of jobdefs/Dockerfile.
//
//   node scripts/aws/images.js [--target all ...] [--repository backfill]
//
// Without --target: every one of them. Tagged <repository>:<target>. Plain JavaScript, so that any Node runs it.
// The images are the engine's: one that was started only for this takes them along when it ends.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startDockerEngine } from './docker-engine.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The targets of the Dockerfile that workers run in. Those that share most come one after another. */
export const TARGETS = ['romanisation', 'chorus', 'pitch', 'transcode', 'fingerprint', 'all'];
/** A base made here, where the pinned one can not be pulled. */
const LOCAL_BASE = 'backfill-base:node-24-bookworm';
const DEBIAN = 'http://deb.debian.org/debian';

/**
 * Builds targets one after another; what they share is built once.
 *
 * @param {object} options
 * @param {string} options.host of the engine: see startDockerEngine
 * @param {readonly string[]} [options.targets]
 * @param {string} [options.repository] images are tagged `<repository>:<target>`
 * @param {(line: string) => void} [options.log]
 * @returns {Promise<ReadonlyMap<string, string>>} the tag of each target's image
 * @throws Error with the builder's last words
 */
export async function buildImages({ host, targets = TARGETS, repository = 'backfill', log = () => {} }) {
  const docker = dockerAt(host);
  const base = baseImage(docker, log);
  const tags = new Map();
  for (const target of targets) {
    const started = performance.now();
    const tag = `${repository}:${target}`;
    // biome-ignore format: options with their values
    await docker.build([
      '--file', 'jobdefs/Dockerfile', '--target', target, '--tag', tag,
      ...(base === undefined ? [] : ['--build-arg', `NODE_IMAGE=${base}`]),
      ...(docker.hasBridge() ? [] : ['--network', 'host']),
      ...labels().flatMap((label) => ['--label', label]),
      '.',
    ]);
    const bytes = Number(docker.text('image', 'inspect', '--format', '{{.Size}}', tag));
    log(`${tag}: ${(bytes / 1e6).toFixed(0)} MB, built in ${seconds(started)}`);
    tags.set(target, tag);
  }
  return tags;
}

/** Labels that differ from build to build, and so stand in no layer. */
function labels() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const revision = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
  return [
    `org.opencontainers.image.version=${version}`,
    ...(revision.status === 0 ? [`org.opencontainers.image.revision=${revision.stdout.trim()}`] : []),
  ];
}

/**
 * The base to build on where it is not the Dockerfile's own: where that can not be pulled, one made here.
 * @returns {string | undefined} undefined: the Dockerfile's own
 */
function baseImage(docker, log) {
  if (docker.has(LOCAL_BASE)) return LOCAL_BASE;
  const pinned = /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync(join(ROOT, 'jobdefs/Dockerfile'), 'utf8'))?.[1];
  if (docker.has(pinned)) return undefined;
  log(`pulling ${pinned}`);
  const refused = docker.refusal('pull', '--quiet', pinned);
  if (refused === undefined) return undefined;
  log(`it can not be pulled (${refused}): making a base here`);
  const started = performance.now();
  makeBase(docker);
  log(`${LOCAL_BASE}: made in ${seconds(started)}`);
  return LOCAL_BASE;
}

/**
 * Makes what node:24-bookworm-slim is, of Debian's registry, this project's own Node and this machine's npm, with
 * this machine's certificates, which a registry behind a proxy needs. Wants root, Linux and debootstrap.
 */
function makeBase(docker) {
  const folder = mkdtempSync(join(tmpdir(), 'backfill-base-'));
  const root = join(folder, 'root');
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  try {
    run('debootstrap', ['--variant=minbase', '--include=ca-certificates', 'bookworm', root, DEBIAN]);
    const suites = ['bookworm', 'bookworm-updates'].map((suite) => `deb ${DEBIAN} ${suite} main\n`);
    const security = `deb ${DEBIAN}-security bookworm-security main\n`;
    writeFileSync(join(root, 'etc/apt/sources.list'), [...suites, security].join(''));
    cpSync(certificates, join(root, certificates));
    cpSync(join(ROOT, 'node_modules/node/bin/node'), join(root, 'usr/local/bin/node'));
    const npm = realpathSync(run('sh', ['-c', 'command -v npm']).trim());
    cpSync(dirname(dirname(npm)), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
    rmSync(join(root, 'var/cache/apt/archives'), { recursive: true });
    const archive = join(folder, 'base.tar');
    run('tar', ['--create', '--file', archive, '--directory', root, '.']);
    docker.text('import', '--change', `ENV NODE_EXTRA_CA_CERTS=${certificates}`, archive, LOCAL_BASE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The docker command, for one engine. */
function dockerAt(host) {
  const env = { ...process.env, DOCKER_HOST: host };
  const attempt = (args) => spawnSync('docker', args, { env, encoding: 'utf8' });
  return {
    has: (image) => attempt(['image', 'inspect', image]).status === 0,
    hasBridge: () => attempt(['network', 'inspect', 'bridge']).status === 0,
    text: (...args) => run('docker', args, env).trim(),
    /** Why a command fails: its last line; undefined where it does not. */
    refusal: (...args) => {
      const { status, stderr } = attempt(args);
      return status === 0 ? undefined : stderr.trim().split('\n').at(-1);
    },
    /** Builds; the builder's own account is of interest only when it fails. */
    build: async (args) => {
      const child = spawn('docker', ['build', ...args], {
        cwd: ROOT,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = [];
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => said.push(text));
      }
      const status = await new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      });
      if (status !== 0) throw new Error(`docker build failed:\n${said.join('').slice(-6000)}`);
    },
  };
}

/** What a program prints. @throws Error with what it says when it fails */
function run(program, args, env = process.env) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: 'utf8' });
  if (status === 0) return stdout;
  const words = error?.message ?? (stderr || stdout).trim();
  throw new Error(`${program} ${args[0]} failed: ${words.slice(-2000)}`);
}

function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(0)} s`;
}

async function main() {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true },
      repository: { type: 'string', default: 'backfill' },
    },
  });
  const unknown = values.target?.find((target) => !TARGETS.includes(target));
  if (unknown !== undefined)
    return fail(2, `there is no target '${unknown}': choose of ${TARGETS.join(', ')}`);
  const engine = await startDockerEngine(say);
  if ('reason' in engine) return fail(3, engine.reason);
  try {
    await buildImages({
      host: engine.host,
      ...(values.target === undefined ? {} : { targets: values.target }),
      repository: values.repository,
      log: say,
    });
  } catch (error) {
    fail(3, error.message);
  } finally {
    await engine.close();
  }
}

function say(line) {
  process.stderr.write(`images: ${line}\n`);
}

function fail(code, line) {
  say(line);
  process.exitCode = code;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await main();
