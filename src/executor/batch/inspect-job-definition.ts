import type { BatchApi, JobDefinition } from './batch-api.ts';
import { type Finding, bad, good } from './inspect-finding.ts';
import { definitionDifferences } from './job-definition-differences.ts';
import {
  bundledDefinition,
  bundledPath,
  fill,
  readDefinition,
  type PlaceholderValues,
} from './job-definition-file.ts';
import { definitionProblems } from './job-definition-rules.ts';
import type { RegisterJobDefinitionRequest } from './batch-api.ts';

/**
 * Whether a definition is registered, can be used by `backfill worker`, and is what its file says.
 * @param name or `name:revision`
 * @returns what was found, and the definition, where there is one
 */
export async function inspectJobDefinition(
  api: BatchApi,
  name: string,
): Promise<{ readonly findings: readonly Finding[]; readonly definition?: JobDefinition }> {
  const subject = 'job definition';
  const [definition] = await api.describeDefinitions(name);
  const bundled = bundledDefinition(name.replace(/:\d+$/, ''));
  const register = `backfill jobdefs register ${bundled ?? '--file definition.json'}`;
  if (definition === undefined) {
    return { findings: [bad(subject, `there is no active definition ${name}`, register)] };
  }
  const { jobDefinitionName, revision, status = 'ACTIVE' } = definition;
  const label = `${jobDefinitionName}:${revision}`;
  if (status !== 'ACTIVE') return { findings: [bad(subject, `${label} is ${status}`, register)], definition };
  const problems = definitionProblems(definition as RegisterJobDefinitionRequest);
  if (problems.length > 0) {
    return { findings: [bad(subject, `${label}: ${problems.join('; ')}`, register)], definition };
  }
  const changed = bundled === undefined ? [] : await changedPaths(bundledPath(bundled), definition);
  const finding =
    changed.length === 0
      ? good(subject, `${label} is active`)
      : good(
          subject,
          `${label} is active, and differs from its file in ${changed.join(', ')}`,
          `${register} makes it the same`,
        );
  return { findings: [finding], definition };
}

/** Where a definition is not what its file would make of the same image, roles and log group. */
async function changedPaths(path: string, definition: JobDefinition): Promise<readonly string[]> {
  const { image, jobRoleArn, executionRoleArn } = definition.containerProperties ?? {};
  const values = { image, jobRoleArn, executionRoleArn, logGroup: logGroupOf(definition) };
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  const template = await readDefinition(path);
  const wanted = fill(template, Object.fromEntries(known) as PlaceholderValues);
  return definitionDifferences(definition, wanted as RegisterJobDefinitionRequest).map(
    (difference) => difference.path,
  );
}

/** The log group that a definition's containers write to; undefined where they write elsewhere. */
export function logGroupOf({ containerProperties }: JobDefinition): string | undefined {
  const { logDriver, options } = containerProperties?.logConfiguration ?? { logDriver: 'awslogs' };
  if (logDriver !== 'awslogs') return undefined;
  return options?.['awslogs-group'] ?? BATCH_LOG_GROUP;
}

/** Where Batch puts output when a definition says nothing else: the user guide's page using_awslogs. */
const BATCH_LOG_GROUP = '/aws/batch/job';
