// `npm run test:aws`: the AWS suite against what really speaks S3 and really runs containers.
//
// Has cfn-lint look at the CloudFormation template; starts a real S3 server, moto as somebody else's reading of the
// APIs, and a Docker engine with the images of jobdefs/Dockerfile, where this machine can have one; runs the suite;
// and leaves nothing behind. What could not be started is said at the end: its tests were skipped. Plain JavaScript,
// so that any Node runs it.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDockerEngine } from './aws/docker-engine.js';
import { buildImages } from './aws/images.js';
import { startMotoServer } from './aws/moto-server.js';
import { pythonEnvironment } from './aws/python-environment.js';
import { startRealS3Server } from './aws/s3-server.js';

const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const CFN_LINT_VERSION = '1.58.0';
const NODE = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

/** @type {(() => Promise<void>)[]} */
const closers = [];
/** @type {string[]} */
const missing = [];
/** @type {NodeJS.ProcessEnv} */
const environment = { ...process.env };

try {
  process.exitCode = await main();
} finally {
  for (const close of closers.toReversed()) await close();
  for (const line of missing) log(`not tested: ${line}`);
}

/** @returns {Promise<number>} the exit code of the suite */
async function main() {
  if (!(await templateIsSound())) return 1;
  log('starting an S3 server');
  const s3 = await startRealS3Server();
  closers.push(s3.close);
  environment.BACKFILL_TEST_S3_ENDPOINT = s3.endpoint;
  environment.AWS_ACCESS_KEY_ID = s3.accessKey;
  environment.AWS_SECRET_ACCESS_KEY = s3.secretKey;
  environment.AWS_REGION = 'us-east-1';

  log('starting moto');
  const moto = await startMotoServer(log);
  closers.push(moto.close);
  environment.BACKFILL_TEST_MOTO_ENDPOINT = moto.endpoint;

  const engine = await startDockerEngine(log);
  if ('reason' in engine) {
    missing.push(`containers: ${engine.reason}`);
  } else {
    closers.push(engine.close);
    await buildImages({ host: engine.host, log });
    environment.BACKFILL_TEST_DOCKER_HOST = engine.host;
    // Where the stand-in for Batch finds its containers' engine.
    environment.DOCKER_HOST = engine.host;
  }
  const args = ['run', '--config', 'vitest.aws.config.ts', ...process.argv.slice(2)];
  return new Promise((resolve, reject) => {
    const suite = spawn(NODE, [VITEST, ...args], { stdio: 'inherit', env: environment });
    suite.once('error', reject);
    suite.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Whether cfn-lint has nothing to say of the template. */
async function templateIsSound() {
  const wanted = { name: 'cfn-lint', requirement: 'cfn-lint', version: CFN_LINT_VERSION };
  const environment = await pythonEnvironment(wanted, log);
  const template = fileURLToPath(new URL('../jobdefs/cloudformation.yaml', import.meta.url));
  log('cfn-lint looks at jobdefs/cloudformation.yaml');
  return spawnSync(join(environment, 'bin', 'cfn-lint'), [template], { stdio: 'inherit' }).status === 0;
}

/** @param {string} line */
function log(line) {
  process.stderr.write(`test:aws: ${line}\n`);
}
