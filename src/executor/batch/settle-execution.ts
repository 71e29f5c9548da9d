import { usageError } from '../../errors.ts';
import type { BatchExecution, BatchTarget } from '../../run/records.ts';
import type { BatchApi, JobDefinition } from './batch-api.ts';

/**
 * Settles what a submission will use: the newest revision of the definition, and the memory it gives. Asked
 * before anything is stored, so that a wrong name is told at once.
 *
 * @throws BackfillError `no-such-queue`, `queue-disabled`, `no-such-definition`, `unfit-definition`
 */
export async function settleExecution(api: BatchApi, target: BatchTarget): Promise<BatchExecution> {
  const queues = [target.queue, ...(target.fallbackQueue === undefined ? [] : [target.fallbackQueue])];
  const found = await api.describeQueues(queues);
  for (const name of queues) {
    const queue = found.find(
      ({ jobQueueName, jobQueueArn }) => name === jobQueueName || name === jobQueueArn,
    );
    if (queue === undefined) {
      throw usageError('no-such-queue', `there is no job queue '${name}' in ${target.region}`, {
        hint: 'name one with --queue, or another region with --region; backfill doctor --executor batch looks at all of it',
      });
    }
    if (queue.state !== 'ENABLED') {
      throw usageError('queue-disabled', `the job queue '${name}' is ${queue.state?.toLowerCase()}`, {
        hint: `aws batch update-job-queue --job-queue ${name} --state ENABLED`,
      });
    }
  }
  const definition = await findDefinition(api, target.definition, target.region);
  return {
    kind: 'batch',
    target,
    queue: target.queue,
    definition: `${definition.jobDefinitionName}:${definition.revision}`,
    memoryMiB: target.memoryMiB ?? definedMemory(definition),
  };
}

/** The newest active revision of a definition, or the one that is named. @throws BackfillError */
export async function findDefinition(api: BatchApi, name: string, region: string): Promise<JobDefinition> {
  const definition = (await api.describeDefinitions(name))[0];
  if (definition === undefined) {
    throw usageError('no-such-definition', `there is no active job definition '${name}' in ${region}`, {
      hint: 'backfill jobdefs register makes those of backfill; --definition names another',
    });
  }
  const command = definition.containerProperties?.command ?? [];
  if (!command.includes('Ref::submission')) {
    throw usageError(
      'unfit-definition',
      `the job definition '${name}' does not take a submission: its command is '${command.join(' ')}'`,
      { hint: "its command has to be that of jobdefs/*.json: 'worker Ref::submission ...'" },
    );
  }
  return definition;
}

/** MiB that a definition gives its container, where it says so. */
function definedMemory({ containerProperties }: JobDefinition): number | undefined {
  const stated = containerProperties?.resourceRequirements?.find(({ type }) => type === 'MEMORY')?.value;
  return stated === undefined ? undefined : Number(stated);
}
