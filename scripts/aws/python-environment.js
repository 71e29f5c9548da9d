// Python's tools for `npm run test:aws`: each is installed once with pip, into a virtual environment of its own in
// node_modules/.cache.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
const run = promisify(execFile);

/**
 * The folder of an environment that has a package; made first where it is not there yet.
 *
 * @param {object} wanted
 * @param {string} wanted.name what the package is called by people, and by the folder
 * @param {string} wanted.requirement as pip has it, without a version: `moto[server]`
 * @param {string} wanted.version
 * @param {(line: string) => void} [report]
 * @returns {Promise<string>} with `bin/python` and the package's own programs in it
 * @throws Error when it can not be installed
 */
export async function pythonEnvironment({ name, requirement, version }, report = () => {}) {
  const environment = join(CACHE, name, version);
  const complete = join(environment, 'complete');
  if (existsSync(complete)) return environment;
  report(`installing ${name} ${version} with pip, once`);
  try {
    await makeEnvironment(environment);
    const python = join(environment, 'bin', 'python');
    await run(python, ['-m', 'pip', 'install', '--quiet', `${requirement}==${version}`]);
  } catch (error) {
    const hint =
      error.code === 'ENOENT'
        ? 'install Python 3.10 or newer'
        : `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message;
    throw new Error(`${name} can not be installed: ${hint}`, { cause: error });
  }
  // Written last, so that an installation that was cut off is not taken for one.
  await writeFile(complete, '');
  return environment;
}

async function makeEnvironment(environment) {
  const make = async () => {
    await rm(environment, { recursive: true, force: true });
    await mkdir(environment, { recursive: true });
    await run('python3', ['-m', 'venv', environment]);
  };
  try {
    await make();
  } catch (error) {
    if (error.code === 'ENOENT' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) throw error;
    // Debian keeps this part of Python in a package of its own.
    await run('apt-get', ['install', '-y', 'python3-venv']);
    await make();
  }
}
