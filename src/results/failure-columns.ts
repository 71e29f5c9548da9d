import type { Column } from './columns.ts';

/** The columns of failures/shard-N.parquet, beside `track_id` and `source_etag`. */
export const FAILURE_COLUMNS: readonly Column[] = [
  { name: 'algorithm', type: 'string', description: 'which algorithm failed' },
  { name: 'version', type: 'string', description: 'its version' },
  { name: 'code', type: 'string', description: 'why, as a stable code' },
  { name: 'transient', type: 'boolean', description: 'whether trying again, with nothing mended, can help' },
  { name: 'message', type: 'string', description: 'why, for a person' },
];
