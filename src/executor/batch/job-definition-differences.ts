/**
 * What differs between a definition as it is registered and as it should be. AWS Batch fills in defaults
 * and keeps some lists in an order of its own; neither is a difference, or `jobdefs register` would make
 * a new revision every time.
 */
import type { JobDefinition, RegisterJobDefinitionRequest } from './batch-api.ts';

/** One value that is not as it should be; undefined where it is absent. */
export interface Difference {
  /** `containerProperties.resourceRequirements.MEMORY.value` */
  readonly path: string;
  readonly registered: unknown;
  readonly wanted: unknown;
}

/** What Batch knows about a definition beside what was asked for. */
const SERVER_FIELDS: ReadonlySet<string> = new Set([
  'jobDefinitionArn',
  'revision',
  'status',
  'containerOrchestrationType',
]);

/** Lists that are sets, by the member that names an element. The order of the others means something. */
const KEYED_LISTS: Readonly<Record<string, string>> = {
  environment: 'name',
  secrets: 'name',
  secretOptions: 'name',
  volumes: 'name',
  ulimits: 'name',
  mountPoints: 'containerPath',
  resourceRequirements: 'type',
  tmpfs: 'containerPath',
  devices: 'hostPath',
};

/** Values that Batch fills in. */
const DEFAULTS: readonly (readonly [path: string, value: string])[] = [
  ['platformCapabilities', '["EC2"]'],
  ['containerProperties.fargatePlatformConfiguration', '{"platformVersion":"LATEST"}'],
];

/** All that a new revision would change; empty where it would be the same again. */
export function definitionDifferences(
  registered: JobDefinition,
  wanted: RegisterJobDefinitionRequest,
): readonly Difference[] {
  const [before, after] = [normalised(registered), normalised(wanted)];
  // Tags that others put on it (cost allocation, an organisation's policies) are none of our business.
  const foreign = ({ path, wanted: value }: Difference) => path.startsWith('tags.') && value === undefined;
  return differences(before, after, '').filter((difference) => !foreign(difference));
}

function differences(registered: unknown, wanted: unknown, path: string): readonly Difference[] {
  if (isObject(registered) && isObject(wanted)) {
    const keys = [...new Set([...Object.keys(registered), ...Object.keys(wanted)])].toSorted();
    return keys.flatMap((key) =>
      differences(registered[key], wanted[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (isObject(registered) && wanted === undefined) return differences(registered, {}, path);
  if (registered === undefined && isObject(wanted)) return differences({}, wanted, path);
  return JSON.stringify(registered) === JSON.stringify(wanted) ? [] : [{ path, registered, wanted }];
}

function normalised(definition: object): unknown {
  const asked = Object.entries(definition).filter(([key]) => !SERVER_FIELDS.has(key));
  return normalise(Object.fromEntries(asked), '', '');
}

/** Without what is absent or a default, sets as objects, and spelling that Batch changes as Batch has it. */
function normalise(value: unknown, key: string, path: string): unknown {
  if (value === null || value === false || value === '') return undefined;
  if (Array.isArray(value)) {
    const naming = KEYED_LISTS[key];
    const items = value.map((item) => normalise(item, '', `${path}[]`) ?? {});
    if (items.length === 0 || isDefault(path, items)) return undefined;
    if (naming === undefined) return items;
    return Object.fromEntries(value.map((item, at) => [String(item[naming]), items[at]]));
  }
  if (typeof value === 'string') return key === 'action' ? value.toUpperCase() : value;
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .map(([name, member]) => [name, normalise(member, name, path === '' ? name : `${path}.${name}`)] as const)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const object = Object.fromEntries(entries);
  return entries.length === 0 || isDefault(path, object) ? undefined : object;
}

function isDefault(path: string, value: unknown): boolean {
  const text = JSON.stringify(value);
  return DEFAULTS.some(([at, standard]) => at === path && standard === text);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
