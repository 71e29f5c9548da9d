import { readFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How often the kernel has killed a process for memory in this container, or on this machine where the
 * container does not tell: `oom_kill` of cgroup v2's memory.events (docs.kernel.org/admin-guide/cgroup-v2)
 * or of /proc/vmstat. 0 where neither is there.
 */
export function kernelMemoryKills(): number {
  for (const path of ['/sys/fs/cgroup/memory.events', '/proc/vmstat']) {
    try {
      const match = /^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'));
      if (match !== null) return Number(match[1]);
    } catch {
      // Not this kind of machine: the next place may tell.
    }
  }
  return 0;
}

/**
 * Whether Node wrote a report of a heap that was exhausted into `folder` (with --report-on-fatalerror;
 * nodejs.org/api/report.html: the trigger is `OOMError`).
 */
export async function heapExhaustionReported(folder: string): Promise<boolean> {
  // The folder may have been deleted, or be full.
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/^report\..*\.json$/.test(name)) continue;
    const report = await readFile(join(folder, name), 'utf8').catch(() => '');
    // Near its beginning, in a report that is cut short by a full disk as well.
    if (/"trigger":\s*"OOMError"/.test(report)) return true;
  }
  return false;
}
