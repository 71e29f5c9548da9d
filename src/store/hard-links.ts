/**
 * Whether a folder's file system has hard links. A store without them can not be: `link(2)` is what makes an object appear
 * whole and for exactly one of several writers (see fs-versions.ts). Nothing else that every such file system has does
 * both. An exclusive create (`open` with O_EXCL) decides who has won before the bytes are there, and whoever is killed in
 * between has won for ever; `rename` shows whole files, and lets everybody win. So exFAT, FAT and their like are refused,
 * before anything of a run is stored.
 */
import { randomUUID } from 'node:crypto';
import { rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError } from '../errors.ts';
import { makeFolder } from './make-folder.ts';

/** `link(2)`: gives a file a second name, which nobody has. */
export type Link = (existing: string, path: string) => Promise<void>;

/** What `link` says where there are no hard links: exFAT and FAT, FUSE, SMB, and file systems of the Plan 9 kind. */
const WITHOUT_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Tries it, in a folder for temporary files that is made for it, and leaves nothing where there are none.
 *
 * @param root of the store
 * @throws BackfillError `no-hard-links`
 */
export async function requireHardLinks(root: string, temporary: string, link: Link): Promise<void> {
  const isNew = await stat(root).then(
    () => false,
    () => true,
  );
  await makeFolder(temporary);
  const [first, second] = [randomUUID(), randomUUID()].map((name) => join(temporary, name)) as [
    string,
    string,
  ];
  try {
    await writeFile(first, '', { flag: 'wx' });
    await link(first, second);
  } catch (error) {
    if (!WITHOUT_LINKS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rm(first, { force: true });
    for (const folder of isNew ? [temporary, root] : [temporary]) await rmdir(folder).catch(() => {});
    throw environmentError(
      'no-hard-links',
      `the folder ${root} can not be a store: its file system has no hard links, without which commits are not safe (exFAT and FAT have none)`,
      {
        cause: error,
        hint: 'name a folder on ext4, XFS, Btrfs, ZFS, APFS, NTFS or NFS, or s3://bucket/prefix, with --store; manifests and audio may stay where they are',
      },
    );
  } finally {
    await rm(first, { force: true });
    await rm(second, { force: true });
  }
}
