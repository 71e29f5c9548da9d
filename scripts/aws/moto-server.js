// Starts moto's server on this machine for `npm run test:aws`: what somebody else took AWS to be, as a second
// opinion on our requests. It is installed once with pip, into a virtual environment in node_modules/.cache.
import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const VERSION = '5.2.5';
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/moto/', import.meta.url));
const START_SECONDS = 60;
const STOP_SECONDS = 5;
/** Moto's server, until its stdin is closed: whatever ends our process, SIGKILL included, ends it too. */
const PROGRAM = `
import os, sys, threading
from moto.server import main

def until_closed():
    sys.stdin.read()
    os._exit(0)

threading.Thread(target=until_closed, daemon=True).start()
main(sys.argv[1:])
`;

/**
 * @typedef {object} MotoServer
 * @property {string} endpoint `http://127.0.0.1:port`, for all services of AWS
 * @property {() => Promise<void>} close Stops it; what it held was in its memory.
 */

/**
 * Starts the server on a free port, with nothing in it. Resolves once it answers.
 *
 * @param {(line: string) => void} [report]
 * @returns {Promise<MotoServer>}
 * @throws Error when it can not be installed or does not start, with what it said
 */
export async function startMotoServer(report = () => {}) {
  const python = await installed(report);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  // A file, since a pipe that nobody empties, as while this process waits for another, would stop the server.
  const log = join(CACHE, `${port}.log`);
  const output = openSync(log, 'w');
  const server = spawn(python, ['-c', PROGRAM, '-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  let hasEnded = false;
  const ended = new Promise((resolve) => {
    for (const event of ['error', 'exit']) {
      server.once(event, () => {
        hasEnded = true;
        resolve();
      });
    }
  });
  // It may be gone before it is told to go.
  server.stdin.on('error', () => {});

  async function close() {
    server.stdin.end();
    const forced = setTimeout(() => server.kill('SIGKILL'), STOP_SECONDS * 1000);
    await ended;
    clearTimeout(forced);
    await rm(log, { force: true });
  }

  const deadline = Date.now() + START_SECONDS * 1000;
  while (!(await answers(endpoint))) {
    if (!hasEnded && Date.now() < deadline) {
      await delay(100);
      continue;
    }
    const said = await readFile(log, 'utf8');
    await close();
    throw new Error(`moto did not start within ${START_SECONDS} s, or ended at once\n${said.slice(-4000)}`);
  }
  return { endpoint, close };
}

/** The interpreter of an environment that has moto; made first where it is not there yet. */
async function installed(report) {
  const environment = join(CACHE, VERSION);
  const python = join(environment, 'bin', 'python');
  const complete = join(environment, 'complete');
  if (existsSync(complete)) return python;
  report(`installing moto ${VERSION} with pip, once`);
  await rm(environment, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  const run = promisify(execFile);
  try {
    await run('python3', ['-m', 'venv', environment]);
    await run(python, ['-m', 'pip', 'install', '--quiet', `moto[server]==${VERSION}`]);
  } catch (error) {
    const hint =
      error.code === 'ENOENT'
        ? 'install Python 3.10 or newer'
        : `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message;
    throw new Error(`moto can not be installed: ${hint}`, { cause: error });
  }
  // Written last, so that an installation that was cut off is not taken for one.
  await writeFile(complete, '');
  return python;
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function answers(endpoint) {
  const answer = await fetch(`${endpoint}/moto-api/data.json`).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok === true;
}

// Run by itself, it tells where it listens, and stops on Ctrl-C.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await startMotoServer((line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`export BACKFILL_TEST_MOTO_ENDPOINT=${server.endpoint}\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.close());
}
