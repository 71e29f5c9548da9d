import type { AccountLimits } from '../executor/batch/account-limits.ts';
import type { BatchApi } from '../executor/batch/batch-api.ts';
import type { ContainerImages } from '../executor/batch/container-images.ts';
import { type AwsSettings, inspectClock, inspectCredentials } from '../executor/batch/inspect-credentials.ts';
import { type Finding, inspect } from '../executor/batch/inspect-finding.ts';
import { inspectImage } from '../executor/batch/inspect-image.ts';
import { inspectJobDefinition, logGroupOf } from '../executor/batch/inspect-job-definition.ts';
import { inspectLogGroup } from '../executor/batch/inspect-log-group.ts';
import { inspectLimits } from '../executor/batch/inspect-limits.ts';
import { environmentsOf, inspectQueue } from '../executor/batch/inspect-queue.ts';
import type { LogGroups } from '../executor/batch/log-groups.ts';
import type { JobDefinition } from '../executor/batch/batch-api.ts';
import type { Check } from './diagnose.ts';

export interface BatchDiagnosisOptions {
  readonly api: BatchApi;
  readonly images: ContainerImages;
  readonly logGroups: LogGroups;
  readonly settings: AwsSettings;
  readonly limits: AccountLimits;
  readonly target: {
    readonly queue: string;
    readonly fallbackQueue?: string | undefined;
    /** A job definition's name, or `name:revision`. */
    readonly definition: string;
    readonly shareIdentifier?: string | undefined;
    /** vCPUs at one time that the account has to have room for; undefined: as many as the environments may have. */
    readonly vcpus?: number | undefined;
  };
}

/**
 * Looks at all that a run on AWS Batch needs beside its store: credentials, queues and what is behind
 * them, the job definition, its image and its log group, and the account's quotas. Reads only. Never throws for what it finds.
 */
export async function diagnoseBatch(options: BatchDiagnosisOptions): Promise<Check[]> {
  const { api, images, logGroups, settings, limits, target } = options;
  const { queue, fallbackQueue, shareIdentifier } = target;
  const caller = await inspect('credentials', () => inspectCredentials(settings));
  // Without them, every question below would have the same answer.
  if (!caller.every(({ ok }) => ok)) return [...caller];
  const clock = await inspect('clock', () => inspectClock(settings));
  const queues = await inspect('queue', () => inspectQueue(api, queue, 'queue', shareIdentifier));
  const fallback =
    fallbackQueue === undefined || fallbackQueue === queue
      ? []
      : await inspect('fallback queue', () =>
          inspectQueue(api, fallbackQueue, 'fallback queue', shareIdentifier),
        );
  const names = [...new Set([queue, ...(fallbackQueue === undefined ? [] : [fallbackQueue])])];
  const isThere = [...queues, ...fallback].every(({ name, ok }) => ok || name.startsWith('compute'));
  const room = isThere ? await inspect('quotas', () => inspectRoom(api, limits, names, target.vcpus)) : [];
  let definition: JobDefinition | undefined;
  const definitions = await inspect('job definition', async () => {
    const inspected = await inspectJobDefinition(api, target.definition);
    ({ definition } = inspected);
    return inspected.findings;
  });
  const image = definition?.containerProperties?.image;
  const group = definition === undefined ? undefined : logGroupOf(definition);
  return [
    ...caller,
    ...clock,
    ...queues,
    ...fallback,
    ...room,
    ...definitions,
    ...(image === undefined ? [] : await inspect('image', () => inspectImage(images, image))),
    ...(group === undefined ? [] : await inspect('log group', () => inspectLogGroup(logGroups, group))),
  ];
}

/** Whether there is room for the machines of all compute environments of some queues. */
async function inspectRoom(
  api: BatchApi,
  limits: AccountLimits,
  queues: readonly string[],
  vcpus: number | undefined,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const seen = new Set<string | undefined>();
  for (const queue of await api.describeQueues(queues)) {
    for (const { detail } of await environmentsOf(api, queue)) {
      if (detail === undefined || seen.has(detail.computeEnvironmentArn)) continue;
      seen.add(detail.computeEnvironmentArn);
      findings.push(...(await inspectLimits(limits, detail, vcpus)));
    }
  }
  return findings;
}
