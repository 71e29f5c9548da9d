import { environmentError, usageError } from '../errors.ts';
import type { BatchApi, RegisterJobDefinitionRequest } from '../executor/batch/batch-api.ts';
import { isPinned, parseEcrImage } from '../executor/batch/container-image-name.ts';
import type { ContainerImages } from '../executor/batch/container-images.ts';
import { type Difference, definitionDifferences } from '../executor/batch/job-definition-differences.ts';
import {
  BUNDLED_DEFINITIONS,
  type BundledDefinition,
  type PlaceholderValues,
  bundledPath,
  readDefinition,
  renderDefinition,
} from '../executor/batch/job-definition-file.ts';

/** Which definitions, and what stands in the place of their `${...}`. */
export interface WantedDefinitions {
  /** Bundled ones: `all`, `fingerprint`, ...; none: all of them. */
  readonly names: readonly string[];
  /** The file of another definition, in the place of bundled ones. */
  readonly file?: string | undefined;
  readonly image: ImageChoice;
  readonly values: Omit<PlaceholderValues, 'image'>;
}

/** One image for all, or the images of a repository by the convention `<name>-<tag>`. */
export interface ImageChoice {
  /** Goes before `repository`, which may stand in the environment. */
  readonly image?: string | undefined;
  /** Of Amazon ECR, without a tag. */
  readonly repository?: string | undefined;
  readonly tag: string;
}

/**
 * The definitions as they should be registered, with images by digest.
 * @throws BackfillError `unknown-definition`, `image-not-pinned`, `image-missing`, and what
 *   {@link readDefinition} and {@link renderDefinition} throw
 */
export async function prepareDefinitions(
  wanted: WantedDefinitions,
  images: ContainerImages,
): Promise<RegisterJobDefinitionRequest[]> {
  const { names, file, image, values } = wanted;
  if (file !== undefined && names.length > 0) {
    throw usageError(
      'definition-twice',
      `--file is there, and so is ${names.join(', ')}: name one or the other`,
    );
  }
  const sources =
    file === undefined
      ? bundledNames(names).map((name) => ({ name, path: bundledPath(name) }))
      : [{ name: undefined, path: file }];
  const requests: RegisterJobDefinitionRequest[] = [];
  for (const { name, path } of sources) {
    const template = await readDefinition(path);
    const pinned = template.placeholders.has('image') ? await pinImage(image, name, images) : undefined;
    requests.push(
      renderDefinition(template, { ...values, ...(pinned === undefined ? {} : { image: pinned }) }),
    );
  }
  return requests;
}

function bundledNames(names: readonly string[]): readonly BundledDefinition[] {
  const known: readonly string[] = BUNDLED_DEFINITIONS;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw usageError(
      'unknown-definition',
      `there is no definition '${unknown}': choose of ${known.join(', ')}`,
      {
        hint: 'a definition of your own is named by --file',
      },
    );
  }
  return BUNDLED_DEFINITIONS.filter((name) => names.length === 0 || names.includes(name));
}

/** The image by its digest; undefined where none is named. */
async function pinImage(
  { image, repository, tag }: ImageChoice,
  name: BundledDefinition | undefined,
  images: ContainerImages,
): Promise<string | undefined> {
  if (image === undefined && repository !== undefined && name === undefined) {
    throw usageError(
      'image-not-named',
      '--repository has the images of backfill: name that of --file with --image',
    );
  }
  const reference = image ?? (repository === undefined ? undefined : `${repository}:${name}-${tag}`);
  if (reference === undefined || isPinned(reference)) return reference;
  const parsed = parseEcrImage(reference);
  if (parsed === undefined) {
    throw usageError('image-not-pinned', `${reference} is in no ECR registry that could tell its digest`, {
      hint: "name it by repository@sha256:..., as docker inspect --format '{{index .RepoDigests 0}}' IMAGE shows it",
    });
  }
  const found = await images.find(parsed);
  if (found === undefined) {
    throw environmentError('image-missing', `there is no image ${reference}`, {
      hint: 'build and push it first: docs/aws-batch.md, step 3, has the commands',
    });
  }
  return `${parsed.uri}@${found.digest}`;
}

/** A definition beside its newest active revision. */
export interface DefinitionComparison {
  readonly name: string;
  readonly state: 'new' | 'same' | 'different';
  /** `name:revision`; undefined where it is new. */
  readonly registered?: string;
  readonly differences: readonly Difference[];
}

/** Compares definitions with what is registered. */
export async function compareDefinitions(
  api: BatchApi,
  wanted: readonly RegisterJobDefinitionRequest[],
): Promise<DefinitionComparison[]> {
  const comparisons: DefinitionComparison[] = [];
  for (const request of wanted) comparisons.push(await compareDefinition(api, request));
  return comparisons;
}

async function compareDefinition(
  api: BatchApi,
  request: RegisterJobDefinitionRequest,
): Promise<DefinitionComparison> {
  const name = request.jobDefinitionName ?? '';
  const [newest] = await api.describeDefinitions(name);
  if (newest === undefined) return { name, state: 'new', differences: [] };
  const differences = definitionDifferences(newest, request);
  return {
    name,
    state: differences.length === 0 ? 'same' : 'different',
    registered: `${name}:${newest.revision}`,
    differences,
  };
}

/** A definition that is registered as it should be. */
export interface DefinitionRegistration {
  readonly name: string;
  /** `name:revision` */
  readonly revision: string;
  /** Whether this revision was made now. */
  readonly made: boolean;
}

/** Registers those that are not registered as they should be: doing it twice makes no second revision. */
export async function registerDefinitions(
  api: BatchApi,
  wanted: readonly RegisterJobDefinitionRequest[],
): Promise<DefinitionRegistration[]> {
  const registrations: DefinitionRegistration[] = [];
  for (const request of wanted) {
    const { name, state, registered } = await compareDefinition(api, request);
    if (state === 'same' && registered !== undefined) {
      registrations.push({ name, revision: registered, made: false });
      continue;
    }
    const { revision } = await api.registerDefinition(request);
    registrations.push({ name, revision: `${name}:${revision}`, made: true });
  }
  return registrations;
}
