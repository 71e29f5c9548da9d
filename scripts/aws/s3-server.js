// Starts a real S3 server on this machine for `npm run test:aws`: the Versity S3 Gateway, which keeps its buckets
// in a folder. It is built once with `go install`, into node_modules/.cache.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const VERSION = 'v1.8.0';
const PACKAGE = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`;
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/versitygw/', import.meta.url));
const START_SECONDS = 30;
const STOP_SECONDS = 5;

/**
 * @typedef {object} RealS3Server
 * @property {string} endpoint `http://127.0.0.1:port`
 * @property {string} accessKey
 * @property {string} secretKey
 * @property {() => Promise<void>} close Stops it and removes all that it stored.
 */

/**
 * Starts the server on a free port with an empty folder. Resolves once it answers.
 *
 * @returns {Promise<RealS3Server>}
 * @throws Error when it can not be built or does not start, with what it said
 */
export async function startRealS3Server() {
  const program = await installed();
  const folder = await mkdtemp(join(tmpdir(), 'backfill-s3-'));
  const [accessKey, secretKey] = ['backfill-test', 'backfill-test-secret'];
  const [buckets, metadata] = [join(folder, 'buckets'), join(folder, 'metadata')];
  await mkdir(buckets);
  await mkdir(metadata);
  const port = await freePort();
  // Metadata in files beside the objects: extended attributes are not everywhere.
  const args = [
    '--quiet',
    '--keep-alive',
    '--port',
    `127.0.0.1:${port}`,
    'posix',
    '--sidecar',
    metadata,
    buckets,
  ];
  const server = spawn(program, args, {
    env: { ...process.env, ROOT_ACCESS_KEY_ID: accessKey, ROOT_SECRET_ACCESS_KEY: secretKey },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-4000);
    });
  }
  let hasEnded = false;
  const ended = new Promise((resolve) => {
    const end = () => {
      hasEnded = true;
      resolve();
    };
    server.once('error', end);
    server.once('exit', end);
  });
  // Whatever ends this process ends the server with it.
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);

  async function close() {
    server.kill('SIGTERM');
    const forced = setTimeout(kill, STOP_SECONDS * 1000);
    await ended;
    clearTimeout(forced);
    process.removeListener('exit', kill);
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await untilAnswering(port, () => hasEnded);
  } catch (error) {
    await close();
    throw new Error(`the S3 server did not start: ${error.message}\n${said}`, { cause: error });
  }
  return { endpoint: `http://127.0.0.1:${port}`, accessKey, secretKey, close };
}

/** The program's path; built first where it is not there yet. */
async function installed() {
  const program = join(CACHE, `versitygw-${VERSION}`);
  if (existsSync(program)) return program;
  await mkdir(CACHE, { recursive: true });
  const building = await mkdtemp(join(CACHE, 'building-'));
  try {
    process.stderr.write(`building the Versity S3 Gateway ${VERSION}, once\n`);
    await promisify(execFile)('go', ['install', PACKAGE], { env: { ...process.env, GOBIN: building } });
    // Renamed when it is whole, so that a build that was cut off is not taken for one.
    await rename(join(building, 'versitygw'), program);
  } catch (error) {
    const hint = error.code === 'ENOENT' ? 'install Go (https://go.dev/doc/install)' : error.message;
    throw new Error(`the S3 server can not be built: ${hint}`, { cause: error });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return program;
}

/** Resolves once a connection is taken; rejects when the server has ended or took too long. */
async function untilAnswering(port, hasEnded) {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (!(await takesConnections(port))) {
    if (hasEnded()) throw new Error('it ended at once');
    if (Date.now() > deadline) throw new Error(`nothing answered for ${START_SECONDS} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function takesConnections(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

// Run by itself, it tells where it listens, and stops on Ctrl-C.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await startRealS3Server();
  process.stdout.write(
    `export AWS_ENDPOINT_URL_S3=${server.endpoint} BACKFILL_TEST_S3_ENDPOINT=${server.endpoint}\n` +
      `export AWS_ACCESS_KEY_ID=${server.accessKey} AWS_SECRET_ACCESS_KEY=${server.secretKey} AWS_REGION=us-east-1\n`,
  );
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.close());
}
