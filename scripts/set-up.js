// Sets up what `npm run demo` and `npm test` need on a fresh machine: the build, and the programs that
// decode and fingerprint. Plain JavaScript, so that any Node can say what is missing.
import { execFileSync, spawnSync } from 'node:child_process';

const REQUIRED_NODE_MAJOR = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < REQUIRED_NODE_MAJOR) {
  fail(
    `this is Node ${process.versions.node}, and Node ${REQUIRED_NODE_MAJOR} is needed: npm ci brings it along, ` +
      'where it may run install scripts: npm ci --ignore-scripts=false',
  );
}

execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
// What a program's package is called is known to the product; it is there once it is built.
const { PACKAGES } = await import('../dist/audio/program-path.js');
const missing = Object.keys(PACKAGES).filter((program) => !isInstalled(program));
if (missing.length > 0) installPrograms(missing);

function installPrograms(programs) {
  const manager = isInstalled('brew') ? 'brew' : isInstalled('dnf') ? 'dnf' : 'apt';
  const packages = [...new Set(programs.map((program) => PACKAGES[program][manager]))];
  if (manager === 'apt' && isInstalled('apt-get') && process.getuid?.() === 0) {
    process.stderr.write(`installing ${packages.join(' ')} with apt-get\n`);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
      // apt's own account of what it does is of interest only when it fails.
      const { status, stderr } = spawnSync('apt-get', ['-qq', ...args], {
        env: environment,
        encoding: 'utf8',
      });
      if (status !== 0) fail(`apt-get ${args[0]} failed: ${stderr}`);
    }
    return;
  }
  const install = { apt: 'sudo apt-get install -y', dnf: 'sudo dnf install -y', brew: 'brew install' }[
    manager
  ];
  fail(`${programs.join(', ')} missing. Run: ${install} ${packages.join(' ')}`);
}

function isInstalled(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

function fail(message) {
  process.stderr.write(`set-up: ${message}\n`);
  process.exit(3);
}
