/** How often a shard commits, where nobody says otherwise. */

/** Where a commit costs no money: so little work is lost that nobody minds. */
const FOLDER_SECONDS = 2 * 60;

/**
 * Where each commit costs two writes and a read, $0.0000104: as much as 3.1 s of a vCPU at $0.012 an hour. After
 * Young's formula, sqrt(2 x cost of a checkpoint x time between losses), ten minutes are best where a worker is lost
 * *without notice* every 16 hours; spot takes machines away far less often than that, and with notice, at which
 * workers commit. (J. W. Young: A first order approximation to the optimum checkpoint interval. CACM 17(9), 1974,
 * 530-531; docs/decisions/2026-11-21-requests-of-a-catalogue.md.)
 */
const BUCKET_SECONDS = 10 * 60;

/** Seconds of work between the commits of a shard, for a store of this URI. */
export function defaultCheckpointSeconds(storeUri: string): number {
  return storeUri.startsWith('s3://') ? BUCKET_SECONDS : FOLDER_SECONDS;
}
