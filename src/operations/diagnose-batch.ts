import type { BatchApi } from '../executor/batch/batch-api.ts';
import type { ContainerImages } from '../executor/batch/container-images.ts';
import { type AwsSettings, inspectClock, inspectCredentials } from '../executor/batch/inspect-credentials.ts';
import { inspect } from '../executor/batch/inspect-finding.ts';
import { inspectImage } from '../executor/batch/inspect-image.ts';
import { inspectJobDefinition, logGroupOf } from '../executor/batch/inspect-job-definition.ts';
import { inspectLogGroup } from '../executor/batch/inspect-log-group.ts';
import { inspectQueue } from '../executor/batch/inspect-queue.ts';
import type { LogGroups } from '../executor/batch/log-groups.ts';
import type { JobDefinition } from '../executor/batch/batch-api.ts';
import type { Check } from './diagnose.ts';

export interface BatchDiagnosisOptions {
  readonly api: BatchApi;
  readonly images: ContainerImages;
  readonly logGroups: LogGroups;
  readonly settings: AwsSettings;
  readonly target: {
    readonly queue: string;
    readonly fallbackQueue?: string | undefined;
    /** A job definition's name, or `name:revision`. */
    readonly definition: string;
    readonly shareIdentifier?: string | undefined;
  };
}

/**
 * Looks at all that a run on AWS Batch needs beside its store: credentials, queues and what is behind
 * them, the job definition, its image and its log group. Reads only. Never throws for what it finds.
 */
export async function diagnoseBatch(options: BatchDiagnosisOptions): Promise<Check[]> {
  const { api, images, logGroups, settings, target } = options;
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
    ...definitions,
    ...(image === undefined ? [] : await inspect('image', () => inspectImage(images, image))),
    ...(group === undefined ? [] : await inspect('log group', () => inspectLogGroup(logGroups, group))),
  ];
}
