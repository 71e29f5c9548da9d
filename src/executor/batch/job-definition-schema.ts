/**
 * A definition against the SDK's own model of the request. The SDK drops members that it does not know
 * without a word, so that a misspelt `retryStrategy` would be a definition without one.
 */
import { RegisterJobDefinitionRequest$ } from '@aws-sdk/client-batch';

/**
 * What is no RegisterJobDefinition request: empty where it is one.
 * @param schema of another request, as the SDK exports it
 */
export function requestProblems(
  value: unknown,
  schema: unknown = RegisterJobDefinitionRequest$,
): readonly string[] {
  return problemsOf(value, schema, '');
}

/**
 * The SDK's static schemas (the types `StaticSchema` and so on of @smithy/types): a number for a simple
 * type, whose upper bits may say that it is a list or a map of it; tuples for the others; a function where
 * one schema refers to another.
 */
type Schema = unknown;
const STRING = 0;
const NUMBER = 1;
const BOOLEAN = 2;
const LIST_OF = 64;
const MAP_OF = 128;
const [LIST, MAP, STRUCTURE] = [1, 2, 3];

function problemsOf(value: unknown, schema: Schema, path: string): readonly string[] {
  if (typeof schema === 'function') return problemsOf(value, (schema as () => Schema)(), path);
  if (typeof schema === 'number') {
    if (schema >= MAP_OF) return problemsOfMap(value, schema - MAP_OF, path);
    if (schema >= LIST_OF) return problemsOfList(value, schema - LIST_OF, path);
    return problemsOfSimple(value, schema, path);
  }
  const [kind, , , , ...rest] = schema as readonly unknown[];
  if (kind === LIST) return problemsOfList(value, rest[0], path);
  if (kind === MAP) return problemsOfMap(value, rest[1], path);
  if (kind === STRUCTURE) return problemsOfStructure(value, rest, path);
  return [];
}

function problemsOfStructure(value: unknown, rest: readonly unknown[], path: string): readonly string[] {
  const [names, schemas, required = 0] = rest as [readonly string[], readonly Schema[], number?];
  if (!isObject(value)) return [`${nameOf(path)} has to be an object`];
  const missing = names.slice(0, required).filter((name) => value[name] === undefined);
  return [
    ...missing.map((name) => `${join(path, name)} is missing`),
    ...Object.entries(value).flatMap(([name, member]) => {
      const at = names.indexOf(name);
      return at < 0
        ? [`${join(path, name)} is not known to AWS Batch`]
        : problemsOf(member, schemas[at], join(path, name));
    }),
  ];
}

function problemsOfList(value: unknown, item: Schema, path: string): readonly string[] {
  if (!Array.isArray(value)) return [`${nameOf(path)} has to be a list`];
  return value.flatMap((element, at) => problemsOf(element, item, `${path}[${at}]`));
}

function problemsOfMap(value: unknown, item: Schema, path: string): readonly string[] {
  if (!isObject(value)) return [`${nameOf(path)} has to be an object`];
  return Object.entries(value).flatMap(([key, element]) => problemsOf(element, item, join(path, key)));
}

function problemsOfSimple(value: unknown, schema: number, path: string): readonly string[] {
  const type = { [STRING]: 'string', [NUMBER]: 'number', [BOOLEAN]: 'boolean' }[schema];
  return type === undefined || typeof value === type ? [] : [`${nameOf(path)} has to be a ${type}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function nameOf(path: string): string {
  return path === '' ? 'the definition' : path;
}
