// Run by the Dockerfile: lays out the programs of an image with the libraries that they load, and nothing of the
// distribution beside. One tree for each layer; what a lower layer holds is not in the upper ones again.
//
//   node collect-programs.js <folder>    makes <folder>/system, <folder>/media and <folder>/fpcalc
//
// The libraries stand where the linker looks without a cache: Debian's own folders.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Owns /scratch and nothing else; a number that no host is likely to use. The Dockerfile names it too. */
const USER = 10001;

const folder = process.argv[2] ?? '/layers';
/** Paths that a lower layer, or this one, holds already. */
const laidOut = new Set();

const system = join(folder, 'system');
addPrograms(system, [process.execPath, '/usr/bin/tini']);
// Node's symbols are an eighth of it; nobody debugs it in here.
execFileSync('strip', [join(system, 'usr/bin/node')]);
addSystemFiles(system);
const media = join(folder, 'media');
addPrograms(media, ['/usr/bin/ffmpeg', '/usr/bin/ffprobe']);
// Built here, and so unknown to dpkg.
copy('/usr/share/doc/ffmpeg/status', join(media, 'var/lib/dpkg/status.d/ffmpeg'));
copy('/usr/share/doc/ffmpeg/copyright', join(media, 'usr/share/doc/ffmpeg/copyright'));
addPrograms(join(folder, 'fpcalc'), ['/usr/bin/fpcalc']);

/** Copies programs into /usr/bin of a layer, and the libraries that they load to where they were. */
function addPrograms(layer, programs) {
  for (const program of programs) copy(realpathSync(program), join(layer, 'usr/bin', basename(program)));
  const libraries = new Map();
  for (const library of programs.flatMap(librariesOf)) {
    const path = join(realpathSync(dirname(library)), basename(library));
    if (!laidOut.has(path)) libraries.set(path, realpathSync(library));
  }
  for (const [path, file] of libraries) {
    copy(file, join(layer, path));
    laidOut.add(path);
  }
  addPackageRecords(layer, [...programs, ...libraries.values()]);
}

/** The shared libraries of a program, and the dynamic linker itself. */
function librariesOf(program) {
  const libraries = [];
  for (const line of execFileSync('ldd', [program], { encoding: 'utf8' }).split('\n')) {
    if (line.includes('not found')) throw new Error(`${program} lacks a library: ${line.trim()}`);
    const path = /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1];
    if (path !== undefined) libraries.push(path);
  }
  return libraries;
}

/**
 * Says which Debian packages the files are from, where scanners of images look for it, with each package's licence.
 * Files of no package (Node, ffmpeg) are passed over.
 */
function addPackageRecords(layer, files) {
  for (const name of packagesOf(files)) {
    if (laidOut.has(name)) continue;
    laidOut.add(name);
    const short = name.split(':')[0];
    write(join(layer, 'var/lib/dpkg/status.d', short), execFileSync('dpkg-query', ['--status', name]));
    const copyright = `/usr/share/doc/${short}/copyright`;
    if (existsSync(copyright)) copy(copyright, join(layer, copyright));
  }
}

function packagesOf(files) {
  // dpkg knows some files by their path from before /lib became a link to /usr/lib.
  const paths = files.flatMap((file) => [file, file.replace(/^\/usr/, '')]);
  let listing;
  try {
    listing = execFileSync('dpkg-query', ['--search', ...paths], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    // It fails when it does not know one of them, and lists the others all the same.
    listing = error.stdout;
  }
  const found = listing.split('\n').flatMap((line) => /^([a-z0-9][^ ,]*): \//.exec(line)?.[1] ?? []);
  return new Set(found);
}

/** What programs expect of a root folder. */
function addSystemFiles(layer) {
  const links = { lib: 'usr/lib', lib64: 'usr/lib64', bin: 'usr/bin' };
  for (const [link, target] of Object.entries(links)) {
    if (existsSync(join(layer, target))) symlinkSync(target, join(layer, link));
  }
  write(join(layer, 'etc/passwd'), `backfill:x:${USER}:${USER}::/scratch:\n`);
  write(join(layer, 'etc/group'), `backfill:x:${USER}:\n`);
  // Without it, names are asked for by DNS before /etc/hosts is read.
  write(join(layer, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  copy('/etc/ssl/certs/ca-certificates.crt', join(layer, 'etc/ssl/certs/ca-certificates.crt'));
  copy('/etc/os-release', join(layer, 'etc/os-release'));
  const scratch = join(layer, 'scratch');
  mkdirSync(scratch);
  chownSync(scratch, USER, USER);
  // As /tmp: a tmpfs put here takes the mode of the folder, but not its owner.
  chmodSync(scratch, 0o1777);
}

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
