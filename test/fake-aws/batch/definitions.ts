/**
 * Job definitions and their revisions.
 * Source: docs.aws.amazon.com/batch/latest/APIReference/API_RegisterJobDefinition.html,
 * API_DeregisterJobDefinition.html, API_DescribeJobDefinitions.html, and jobDefinition of API_SubmitJob.html.
 */
import type {
  DescribeJobDefinitionsRequest,
  JobDefinition,
  RegisterJobDefinitionRequest,
} from '@aws-sdk/client-batch';
import { arnOf, nameInArn } from './arn.ts';
import { checkDefinition } from './limits.ts';
import { type Page, pageOf } from './pages.ts';
import { clientError } from './service-error.ts';

/** A definition as it is kept: what may be absent in a request is there. */
export type KnownDefinition = JobDefinition & {
  readonly jobDefinitionName: string;
  readonly jobDefinitionArn: string;
  readonly revision: number;
};

export class Definitions {
  readonly #revisions = new Map<string, KnownDefinition[]>();

  /** Adds a revision, one above the highest there ever was of that name. */
  register(request: RegisterJobDefinitionRequest, bytes: number): KnownDefinition {
    checkDefinition(request, bytes);
    const { jobDefinitionName: name = '', type, ...rest } = request;
    const known = this.#revisions.get(name) ?? [];
    const revision = known.length + 1;
    const definition = {
      ...rest,
      type,
      jobDefinitionName: name,
      jobDefinitionArn: arnOf('job-definition', `${name}:${revision}`),
      revision,
      status: 'ACTIVE',
      containerOrchestrationType: 'ECS' as const,
      platformCapabilities: request.platformCapabilities ?? ['EC2' as const],
    };
    known.push(definition);
    this.#revisions.set(name, known);
    return definition;
  }

  /** Makes a revision INACTIVE: no new job may name it, those that run go on. */
  deregister(reference: string): void {
    const definition = this.#find(reference);
    if (definition === undefined) throw clientError(`job definition ${reference} does not exist`);
    definition.status = 'INACTIVE';
  }

  /** The ACTIVE definition that a job names: by name (the latest), `name:revision` or ARN. */
  resolve(reference: string): KnownDefinition {
    const definition = this.#find(reference);
    if (definition?.status === 'ACTIVE') return definition;
    throw clientError(`job definition ${reference} does not exist, or is not active`);
  }

  /** One page of DescribeJobDefinitions, the newest revision of a name first. */
  describe(request: DescribeJobDefinitionsRequest, defaultPage: number): Page<KnownDefinition> {
    const { jobDefinitions: references, jobDefinitionName: name, status } = request;
    if (references !== undefined) {
      if (name !== undefined || status !== undefined) throw clientError('jobDefinitions stands alone');
      if (references.length > 100) throw clientError(`${references.length} job definitions are over 100`);
      return { items: references.flatMap((reference) => this.#find(reference) ?? []), nextToken: undefined };
    }
    const ofName =
      name === undefined ? [...this.#revisions.values()] : [this.#revisions.get(nameInArn(name)) ?? []];
    const found = ofName
      .flatMap((revisions) => revisions.toReversed())
      .filter((definition) => status === undefined || definition.status === status);
    return pageOf(found, request, { usual: defaultPage, most: 100 });
  }

  #find(reference: string): KnownDefinition | undefined {
    const [name = '', revision] = nameInArn(reference).split(':');
    const revisions = this.#revisions.get(name) ?? [];
    if (revision !== undefined) return revisions[Number(revision) - 1];
    return revisions.findLast((definition) => definition.status === 'ACTIVE');
  }
}
