/**
 * The job definitions in `jobdefs/`: RegisterJobDefinition requests as JSON, in which `${image}` and the
 * like stand for what differs from account to account.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { messageOf, usageError } from '../../errors.ts';
import type { RegisterJobDefinitionRequest } from './batch-api.ts';
import { definitionProblems } from './job-definition-rules.ts';
import { requestProblems } from './job-definition-schema.ts';
import { definitionName } from './stack-names.ts';

/** What may stand in a definition as `${...}`. */
export type Placeholder = 'image' | 'jobRoleArn' | 'executionRoleArn' | 'logGroup';

export type PlaceholderValues = Readonly<Partial<Record<Placeholder, string>>>;

/** The option that gives each placeholder its value. */
const OPTION_OF: Readonly<Record<Placeholder, string>> = {
  image: '--repository or --image',
  jobRoleArn: '--job-role',
  executionRoleArn: '--execution-role',
  logGroup: '--log-group',
};

/** The definitions that backfill brings: one for each algorithm, and one for all of them together. */
export const BUNDLED_DEFINITIONS = [
  'all',
  'fingerprint',
  'chorus',
  'pitch',
  'romanisation',
  'transcode',
] as const;

export type BundledDefinition = (typeof BUNDLED_DEFINITIONS)[number];

/** As it stands in its file. */
export interface DefinitionTemplate {
  /** The file, as error messages name it. */
  readonly path: string;
  readonly content: unknown;
  readonly placeholders: ReadonlySet<Placeholder>;
}

/** The bundled definition that is registered under a name, if it is one. */
export function bundledDefinition(registered: string): BundledDefinition | undefined {
  return BUNDLED_DEFINITIONS.find((name) => definitionName(name) === registered);
}

/** The file of a bundled definition. */
export function bundledPath(name: BundledDefinition): string {
  return fileURLToPath(new URL(`../../../jobdefs/${name}.json`, import.meta.url));
}

/**
 * Reads a definition.
 * @throws BackfillError `definition-unreadable`, or `unknown-placeholder` where it wants what no option gives
 */
export async function readDefinition(path: string): Promise<DefinitionTemplate> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw usageError('definition-unreadable', `${path} is no job definition: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const placeholders = new Set<Placeholder>();
  mapStrings(content, (text) => {
    for (const [whole, name = ''] of text.matchAll(PLACEHOLDER)) {
      if (!Object.hasOwn(OPTION_OF, name)) {
        throw usageError('unknown-placeholder', `${path} has ${whole}, which nothing gives a value to`, {
          hint: `known are ${Object.keys(OPTION_OF).join(', ')}`,
        });
      }
      placeholders.add(name as Placeholder);
    }
    return text;
  });
  return { path, content, placeholders };
}

const PLACEHOLDER = /\$\{([^}]*)\}/g;

/**
 * Puts values in, and sees that AWS Batch and backfill can use what comes out.
 * @throws BackfillError `value-missing`, or `definition-invalid` with all that is wrong
 */
export function renderDefinition(
  template: DefinitionTemplate,
  values: PlaceholderValues,
): RegisterJobDefinitionRequest {
  const missing = [...template.placeholders].filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    throw usageError(
      'value-missing',
      `${template.path} needs ${missing.map((name) => OPTION_OF[name]).join(', ')}`,
      {
        hint: 'the outputs of the CloudFormation stack name them: docs/aws-batch.md, step 2, has the commands',
      },
    );
  }
  const filled = fill(template, values);
  const problems = requestProblems(filled);
  const request = filled as RegisterJobDefinitionRequest;
  const wrong = problems.length > 0 ? problems : definitionProblems(request);
  if (wrong.length > 0) throw usageError('definition-invalid', `${template.path}: ${wrong.join('; ')}`);
  return request;
}

/** Puts values in; what has none stays. */
export function fill(template: DefinitionTemplate, values: PlaceholderValues): unknown {
  return mapStrings(template.content, (text) =>
    text.replaceAll(PLACEHOLDER, (whole, name: Placeholder) => values[name] ?? whole),
  );
}

/** Applies a function to every string value of a JSON document. */
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
}
