#!/usr/bin/env node
// Plain JavaScript that older Nodes parse, so that they can say what is missing.
const REQUIRED_MAJOR = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < REQUIRED_MAJOR) {
  process.stderr.write(
    `backfill needs Node ${REQUIRED_MAJOR} or newer, and this is Node ${process.versions.node}: ` +
      'install it, or run `npx backfill` in the project folder, which brings its own\n',
  );
  process.exitCode = 2;
} else {
  // A worker may be told to leave before it is loaded: it has taken nothing yet, and can be started again elsewhere
  // (75: EX_TEMPFAIL of sysexits.h, as the worker itself says it).
  if (process.argv[2] === 'worker') process.once('SIGTERM', () => process.exit(75));
  const { main } = await import('../dist/cli/main.js');
  process.exitCode = await main(process.argv.slice(2));
}
