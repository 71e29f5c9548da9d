import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BatchTarget, SubmissionRecord } from '../run/records.ts';
import { usageError } from '../errors.ts';
import { STACK_NAMES, definitionName } from '../executor/batch/stack-names.ts';
import { MAX_ARRAY_SIZE } from '../run/array-jobs.ts';
import { graceOption, positiveInteger, vcpuPriceOption } from './options.ts';

/** Where shards are worked, and how. What was not said is undefined: what is there already decides then. */
export interface ExecutorOptions {
  readonly executor?: 'local' | 'batch';
  readonly concurrency?: number;
  readonly grace: number;
  readonly queue?: string;
  readonly fallbackQueue?: string;
  readonly definition?: string;
  readonly reclaims?: number;
  readonly arraySize?: number;
  readonly memory?: number;
  readonly shareIdentifier?: string;
  readonly detach?: boolean;
  readonly vcpuPrice: number;
}

export const DEFAULT_QUEUE: string = STACK_NAMES.queue;
const DEFAULT_RECLAIMS = 5;

/** The heading of options that only count on AWS Batch. */
export const BATCH_GROUP = 'On AWS Batch:';

/** Adds the options of {@link ExecutorOptions}. */
export function addExecutorOptions(command: Command): Command {
  const placed = addPlacementOptions(
    command.addOption(executorOption()).addOption(concurrencyOption()).addOption(graceOption()),
  );
  return placed
    .addOption(
      onBatch('--reclaims <n>', `reclaims that are too often (default: ${DEFAULT_RECLAIMS})`).argParser(
        positiveInteger,
      ),
    )
    .addOption(
      onBatch('--memory <MiB>', 'for each worker (default: as the definition says)').argParser(
        positiveInteger,
      ),
    )
    .addOption(
      onBatch('--array-size <n>', `children of a job at most (default: ${MAX_ARRAY_SIZE})`).argParser(
        arraySize,
      ),
    )
    .addOption(vcpuPriceOption().helpGroup(BATCH_GROUP))
    .addOption(onBatch('-d, --detach', 'leave when all is submitted; backfill status tells the rest'));
}

/** Adds the options that name things of AWS Batch. */
export function addPlacementOptions(command: Command): Command {
  return command
    .addOption(onBatch('--queue <name>', `a job queue (default: ${DEFAULT_QUEUE})`).env('BACKFILL_QUEUE'))
    .addOption(
      onBatch('--fallback-queue <name>', 'where shards go that were reclaimed too often').env(
        'BACKFILL_FALLBACK_QUEUE',
      ),
    )
    .addOption(
      onBatch('--definition <name>', 'a job definition (default: backfill-ALGORITHM, or backfill-all)'),
    )
    .addOption(onBatch('--share-identifier <name>', 'for a queue with fair-share scheduling'));
}

/** `--executor`. */
export function executorOption(): Option {
  return new Option('--executor <where>', 'local: processes of this machine; batch: AWS Batch')
    .choices(['local', 'batch'])
    .env('BACKFILL_EXECUTOR');
}

/** `--concurrency`. */
export function concurrencyOption(): Option {
  return new Option(
    '-c, --concurrency <n>',
    'local: worker processes at one time (default: as many as there are cores)',
  ).argParser(positiveInteger);
}

/** Worker processes at one time. */
export function concurrencyOf({ concurrency }: { readonly concurrency?: number }): number {
  return concurrency ?? availableParallelism();
}

/**
 * What a submission to AWS Batch uses: what was said now, else what was said before, else the defaults.
 *
 * @param before of the run, where it has one
 * @param algorithms names
 */
export function batchTarget(
  options: ExecutorOptions,
  {
    before,
    algorithms,
    region,
  }: {
    readonly before: BatchTarget | undefined;
    readonly algorithms: readonly string[];
    readonly region: string;
  },
): BatchTarget {
  const [only, ...others] = algorithms;
  const definition = definitionName(others.length === 0 && only !== undefined ? only : 'all');
  const fallbackQueue = options.fallbackQueue ?? before?.fallbackQueue;
  const memoryMiB = options.memory ?? before?.memoryMiB;
  const shareIdentifier = options.shareIdentifier ?? before?.shareIdentifier;
  return {
    region,
    queue: options.queue ?? before?.queue ?? DEFAULT_QUEUE,
    definition: options.definition ?? before?.definition ?? definition,
    arraySize: options.arraySize ?? before?.arraySize ?? MAX_ARRAY_SIZE,
    reclaims: options.reclaims ?? before?.reclaims ?? DEFAULT_RECLAIMS,
    ...(fallbackQueue === undefined ? {} : { fallbackQueue }),
    ...(memoryMiB === undefined ? {} : { memoryMiB }),
    ...(shareIdentifier === undefined ? {} : { shareIdentifier }),
  };
}

/** Where a run goes on: what was said now, else where it was worked last, else where it was to be worked. */
export function executorOf(
  options: ExecutorOptions,
  last: SubmissionRecord['executor'] | undefined,
  target: BatchTarget | undefined,
): 'local' | 'batch' {
  return options.executor ?? last?.kind ?? (target === undefined ? 'local' : 'batch');
}

/** @throws BackfillError `store-not-shared` where the containers could not reach the store */
export function requireSharedStore(storeUri: string): void {
  if (storeUri.startsWith('s3://')) return;
  throw usageError('store-not-shared', `AWS Batch can not reach the store ${storeUri}`, {
    hint: 'name a bucket: --store s3://bucket/prefix',
  });
}

function onBatch(flags: string, description: string): Option {
  return new Option(flags, description).helpGroup(BATCH_GROUP);
}

function arraySize(text: string): number {
  const value = positiveInteger(text);
  if (value > MAX_ARRAY_SIZE) throw new InvalidArgumentError(`at most ${MAX_ARRAY_SIZE} are possible`);
  return value;
}
