// Starts moto's server on this machine for `npm run test:aws`: what somebody else took AWS to be, as a second
// opinion on our requests.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';
import { pythonEnvironment } from './python-environment.js';

const VERSION = '5.2.5';
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
  const wanted = { name: 'moto', requirement: 'moto[server]', version: VERSION };
  const environment = await pythonEnvironment(wanted, report);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  // A file, since a pipe that nobody empties, as while this process waits for another, would stop the server.
  const log = join(environment, `${port}.log`);
  const output = openSync(log, 'w');
  const server = spawn(
    join(environment, 'bin', 'python'),
    ['-c', PROGRAM, '-H', '127.0.0.1', '-p', String(port)],
    {
      stdio: ['pipe', output, output],
    },
  );
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
