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
  const { main } = await import('../dist/cli/main.js');
  process.exitCode = await main(process.argv.slice(2));
}
