// The main job on the sample catalogue: all five algorithms over ten songs, and a look at what comes out.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SHOWN_TRACK = 'ja-yoake-no-eki';
const ALL_DONE = 0;
const SOME_FAILED = 1;

const worked = backfill('run', 'manifests/sample.csv', '--new');
// The instrumentals have no lyrics: that they fail in romanisation, and nowhere else, is part of the show.
if (worked !== ALL_DONE && worked !== SOME_FAILED) process.exit(worked);
if (backfill('verify') !== ALL_DONE) process.exit(1);
if (backfill('results', 'get', SHOWN_TRACK) !== ALL_DONE) process.exit(1);
process.stdout.write(
  '\nNow yours: npx backfill run manifest.csv (see manifests/README.md for its columns)\n',
);

function backfill(...args) {
  process.stdout.write(`\n$ backfill ${args.join(' ')}\n\n`);
  const { status } = spawnSync(process.execPath, ['bin/backfill.js', ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return status ?? 3;
}
