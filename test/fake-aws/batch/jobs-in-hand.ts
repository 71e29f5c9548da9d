/** For the stand-in's own tests: jobs that end when the test says so, clients, and a definition. */
import { BatchClient, type RegisterJobDefinitionRequest, type SubmitJobRequest } from '@aws-sdk/client-batch';
import type { FakeBatch } from './fake-batch.ts';
import type { FunctionTask } from './function-runner.ts';

/** Settings of a client of any of the three services; it tries once, so that faults are seen as they are. */
export function clientSettings(batch: FakeBatch): ClientSettings {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { endpoint: batch.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
}

export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

export function batchClient(batch: FakeBatch): BatchClient {
  return new BatchClient(clientSettings(batch));
}

export function definition(
  overrides: Partial<RegisterJobDefinitionRequest> = {},
): RegisterJobDefinitionRequest {
  return {
    jobDefinitionName: 'work',
    type: 'container',
    containerProperties: {
      image: 'example/work',
      command: ['worker'],
      resourceRequirements: [
        { type: 'VCPU', value: '1' },
        { type: 'MEMORY', value: '256' },
      ],
    },
    ...overrides,
  };
}

export function submission(overrides: Partial<SubmitJobRequest> = {}): SubmitJobRequest {
  return { jobName: 'shards', jobQueue: 'backfill-spot', jobDefinition: 'work', ...overrides };
}

/** Runs jobs that last until the test ends them. */
export class JobsInHand {
  /** By job id: the task of the attempt that runs. */
  readonly tasks: Map<string, FunctionTask> = new Map();
  readonly #exits = new Map<string, (exitCode: number) => void>();
  /** What a job exits with at SIGTERM; where undefined, it does not heed it. */
  readonly exitOnTerm: number | undefined;

  constructor(exitOnTerm?: number) {
    this.exitOnTerm = exitOnTerm;
  }

  readonly run = (task: FunctionTask): Promise<number> => {
    const id = task.environment['AWS_BATCH_JOB_ID'] ?? '';
    const { promise, resolve } = Promise.withResolvers<number>();
    this.tasks.set(id, task);
    this.#exits.set(id, resolve);
    const { exitOnTerm } = this;
    if (exitOnTerm !== undefined) task.terminated.addEventListener('abort', () => resolve(exitOnTerm));
    return promise;
  };

  /** Lets the attempt of a job that runs exit. */
  exit(jobId: string, exitCode: number): void {
    const exit = this.#exits.get(jobId);
    if (exit === undefined) throw new Error(`job ${jobId} does not run`);
    this.#exits.delete(jobId);
    exit(exitCode);
  }

  /** Lets all that run now exit. */
  exitAll(exitCode: number): void {
    for (const id of this.#exits.keys()) this.exit(id, exitCode);
  }

  isRunning(jobId: string): boolean {
    return this.#exits.has(jobId);
  }
}
