import { z } from 'zod';
import { type BackfillError, environmentError } from '../errors.ts';
import type {
  BatchTarget,
  Checkpoint,
  EndedRecord,
  GenerationRecord,
  JobRecord,
  RunRecord,
  RunSettings,
  StoredRecord,
  SubmissionRecord,
} from './records.ts';

const count = z.int().nonnegative();
const time = z.iso.datetime();

const settings: z.ZodType<RunSettings> = z.object({
  algorithms: z.array(z.object({ name: z.string(), version: z.string() })).min(1),
  ladder: z
    .array(
      z.object({
        name: z.string(),
        codec: z.enum(['aac', 'mp3', 'opus', 'flac']),
        container: z.enum(['m4a', 'mp3', 'ogg', 'flac']),
        bitrate: z.int().positive().optional(),
      }),
    )
    .optional(),
  shardSeconds: z.number().positive(),
  checkpointSeconds: z.number().positive(),
  maxSourceBytes: z.int().positive(),
  maxDurationSeconds: z.number().positive(),
});

const target: z.ZodType<BatchTarget> = z.object({
  region: z.string(),
  queue: z.string(),
  fallbackQueue: z.string().optional(),
  definition: z.string(),
  arraySize: z.int().positive(),
  reclaims: z.int().positive(),
  memoryMiB: z.int().positive().optional(),
  shareIdentifier: z.string().optional(),
});

const run: z.ZodType<RunRecord> = z.object({
  schema: z.literal(1),
  kind: z.literal('run'),
  run: z.string(),
  createdAt: time,
  tool: z.string(),
  settings,
  manifest: z.object({
    name: z.string(),
    base: z.string(),
    sha256: z.string(),
    header: z.array(z.string()),
    rows: count,
    accepted: count,
    rejected: count,
  }),
  plan: z.object({ shards: count, weightSeconds: z.number(), audioSeconds: z.number() }),
  target: target.optional(),
});

const generation: z.ZodType<GenerationRecord> = z.object({
  schema: z.literal(1),
  kind: z.literal('generation'),
  run: z.string(),
  generation: z.int().positive(),
  plan: z.string().regex(/^[\w-]+$/),
  createdAt: time,
  firstShard: count,
  shards: count,
  tracks: count,
  outcomes: z.record(z.string(), z.record(z.string(), count)),
  weightSeconds: z.number(),
});

const submission: z.ZodType<SubmissionRecord> = z.object({
  schema: z.literal(1),
  kind: z.literal('submission'),
  run: z.string(),
  submission: z.int().positive(),
  createdAt: time,
  reason: z.enum(['run', 'resume', 'retry-failed', 'escalate']),
  shards: count,
  executor: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('local'),
      host: z.string(),
      process: z.int(),
      concurrency: z.int().positive(),
    }),
    z.object({
      kind: z.literal('batch'),
      target,
      queue: z.string(),
      definition: z.string(),
      memoryMiB: z.int().positive().optional(),
      escalatedMemory: z.boolean().optional(),
    }),
  ]),
});

const job: z.ZodType<JobRecord> = z.object({
  schema: z.literal(1),
  kind: z.literal('job'),
  run: z.string(),
  submission: z.int().positive(),
  job: count,
  state: z.enum(['intended', 'submitted']),
  claim: z.string(),
  jobId: z.string().optional(),
  updatedAt: time,
});

const ended: z.ZodType<EndedRecord> = z.object({
  schema: z.literal(1),
  kind: z.literal('ended'),
  run: z.string(),
  submission: z.int().positive(),
  endedAt: time,
  outcome: z.enum(['finished', 'interrupted', 'cancelled', 'gave-up']),
  gaveUp: z.array(z.object({ shard: count, reason: z.string() })),
});

const checkpoint: z.ZodType<Checkpoint> = z.object({
  schema: z.literal(1),
  kind: z.literal('checkpoint'),
  run: z.string(),
  shard: count,
  attempt: z.string(),
  holder: z.object({ host: z.string(), process: z.int() }),
  attempts: z.int().positive(),
  reclaims: count.optional(),
  state: z.enum(['running', 'drained', 'complete', 'finished']),
  rows: count,
  next: count,
  parts: z.array(z.string()),
  counts: z.record(z.string(), z.object({ succeeded: count, failed: z.record(z.string(), count) })),
  noted: count.optional(),
  strikes: z.array(
    z.object({
      row: count,
      crashes: z.int().positive(),
      cause: z.enum(['crashed', 'out-of-memory', 'timeout']),
    }),
  ),
  workSeconds: z.number().nonnegative(),
  updatedAt: time,
});

type Kind = StoredRecord['kind'];
type RecordOf<K extends Kind> = Extract<StoredRecord, { kind: K }>;

const schemas: { readonly [K in Kind]: z.ZodType<RecordOf<K>> } = {
  run,
  generation,
  submission,
  job,
  ended,
  checkpoint,
};

/** The bytes of a record: JSON that people can read. */
export function encodeRecord(record: StoredRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(record, undefined, 2)}\n`);
}

/**
 * Reads a record and makes sure that it is what its key says.
 *
 * @param key where it was read, for the message
 * @param identity fields that it must carry: its run, its shard
 * @throws BackfillError `record-invalid` when it is not JSON, of another schema, or of another place
 */
export function decodeRecord<K extends Kind>(
  kind: K,
  key: string,
  bytes: Uint8Array,
  identity: Partial<RecordOf<K>>,
): RecordOf<K> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw invalid(key, 'it is not JSON', error);
  }
  const schema = (json as { schema?: unknown } | null)?.schema;
  if (typeof schema === 'number' && schema > 1) {
    throw invalid(key, `its schema is ${schema} and this backfill reads schema 1: use a newer one`);
  }
  const parsed = schemas[kind].safeParse(json);
  if (!parsed.success) throw invalid(key, z.prettifyError(parsed.error), parsed.error);
  const stored = new Map<string, unknown>(Object.entries(parsed.data));
  for (const [field, value] of Object.entries(identity)) {
    if (stored.get(field) !== value) {
      throw invalid(key, `its ${field} is ${String(stored.get(field))}, not ${String(value)}`);
    }
  }
  return parsed.data;
}

function invalid(key: string, why: string, cause?: unknown): BackfillError {
  return environmentError('record-invalid', `the record at ${key} can not be used: ${why}`, { cause });
}
