// Run by the Dockerfile: lays out the built worker with the packages that it loads, without what they bring along for
// browsers, bundlers, compilers and readers. One tree for each layer.
//
//   node collect-app.js <folder>    makes <folder>/worker and <folder>/romanisation
import { cpSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { basename, join, relative, resolve, sep } from 'node:path';

const HOME = 'opt/backfill';
/** Loaded by commands that people run, and by no worker. */
const NOT_FOR_WORKERS = [
  'ora',
  '@aws-sdk/client-batch',
  '@aws-sdk/client-cloudwatch-logs',
  '@aws-sdk/client-ecr',
  '@aws-sdk/client-service-quotas',
];
/** Dictionaries and their readers: loaded when a language is first met. */
const FOR_ROMANISATION = ['kuromoji', 'pinyin-pro', 'to-jyutping'];

const SPARE_FOLDERS = new Set([
  'test',
  'tests',
  'doc',
  'docs',
  'demo',
  'coverage',
  '.vscode',
  '.github',
  'dist-es',
  'dist-types',
]);
const SPARE_FILES = /\.(d\.[cm]?ts|[cm]?ts|map|md|html|dev\.js|dev\.min\.js|tgz)$/;
const LICENCES = /^(licen[cs]e|copying|notice)/i;
/** Second and third copies of the same code, in forms that Node does not choose here. */
const SPARE_COPIES = {
  'csv-parse': ['dist'],
  'pinyin-pro': ['dist/index.js'],
  'to-jyutping': ['dist/index.js', 'dist/index.cjs'],
  'fluent-ffmpeg': ['OLD', 'tools'],
  lodash: ['lodash.js', 'lodash.min.js', 'fp', '_mapping.js', 'core.js', 'core.min.js'],
};

const root = process.cwd();
const folder = process.argv[2] ?? '/layers';
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

const dependencies = Object.keys(packages[''].dependencies);
const forWorkers = reachable(
  dependencies.filter((name) => ![...NOT_FOR_WORKERS, ...FOR_ROMANISATION].includes(name)),
);
const forRomanisation = reachable(FOR_ROMANISATION).filter((path) => !forWorkers.includes(path));

for (const item of ['bin', 'dist', 'package.json', 'LICENSE']) copy(item, 'worker', (path) => isNeeded(path));
for (const path of forWorkers) copyPackage(path, 'worker');
for (const path of forRomanisation) copyPackage(path, 'romanisation');
assertComplete('worker');

/** The packages that some packages need, themselves included: paths in node_modules as npm has laid them out. */
function reachable(names) {
  const found = new Set();
  const visit = (name, from) => {
    const path = locate(name, from);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    const { dependencies = {}, optionalDependencies = {} } = packages[path];
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next, path);
  };
  for (const name of names) visit(name, '');
  return [...found];
}

/** Where Node finds a package that is asked for from within another: the nearest node_modules upwards. */
function locate(name, from) {
  for (let at = from; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at}/node_modules/${name}`] !== undefined) return `${at}/node_modules/${name}`;
  }
  return packages[`node_modules/${name}`] === undefined ? undefined : `node_modules/${name}`;
}

function copyPackage(path, layer) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const spare = (SPARE_COPIES[name] ?? []).map((item) => join(root, path, item));
  const nested = join(root, path, 'node_modules');
  copy(path, layer, (source) => source !== nested && !spare.includes(source) && isNeeded(source));
}

function copy(path, layer, filter) {
  cpSync(join(root, path), join(folder, layer, HOME, path), {
    recursive: true,
    filter: (source) => filter(resolve(source)),
  });
}

function isNeeded(path) {
  const name = basename(path);
  if (LICENCES.test(name)) return true;
  return (
    !SPARE_FILES.test(name) &&
    !relative(root, path)
      .split(sep)
      .some((part) => SPARE_FOLDERS.has(part))
  );
}

/** Sees that whatever a package of the layer may require, at once or one day, is still there if it was before. */
function assertComplete(layer) {
  const home = join(folder, layer, HOME);
  for (const file of readdirSync(join(home, 'node_modules'), { recursive: true, encoding: 'utf8' })) {
    if (!/\.c?js$/.test(file)) continue;
    const path = join(home, 'node_modules', file);
    const [before, after] = [join(root, 'node_modules', file), path].map(createRequire);
    for (const [, name] of readFileSync(path, 'utf8').matchAll(/\brequire\(["']([^"']+)["']\)/g)) {
      if (isBuiltin(name) || !resolves(before, name) || resolves(after, name)) continue;
      throw new Error(`${file} requires ${name}, which collect-app.js leaves out`);
    }
  }
}

function resolves(require, name) {
  try {
    return existsSync(require.resolve(name));
  } catch {
    return false;
  }
}
