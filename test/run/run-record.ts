import type { RunRecord } from '../../src/run/records.ts';

/** The record of a run that is made up: what nobody asks of it is always the same. */
export function runRecord(given: {
  readonly run: string;
  readonly algorithms: readonly { readonly name: string; readonly version: string }[];
  readonly header: readonly string[];
  /** Of the manifest, all accepted. */
  readonly rows: number;
  readonly plan: RunRecord['plan'];
}): RunRecord {
  const { run, algorithms, header, rows, plan } = given;
  return {
    schema: 1,
    kind: 'run',
    run,
    createdAt: '2026-11-21T03:15:00.000Z',
    tool: '0.1.0',
    settings: {
      algorithms: algorithms.map(({ name, version }) => ({ name, version })),
      shardSeconds: 900,
      checkpointSeconds: 120,
      maxSourceBytes: 2 ** 30,
      maxDurationSeconds: 14_400,
    },
    manifest: {
      name: 'manifest.csv',
      base: '/catalogue',
      sha256: '5e'.repeat(32),
      header,
      rows,
      accepted: rows,
      rejected: 0,
    },
    plan,
  };
}
