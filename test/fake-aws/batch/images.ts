/**
 * The images of ECR that a test declares.
 * Source: docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html, API_DescribeRepositories.html.
 */
import type { DescribeImagesRequest, DescribeRepositoriesRequest } from '@aws-sdk/client-ecr';
import { ACCOUNT, REGION } from './arn.ts';
import { ServiceError } from './service-error.ts';

export interface ImageDeclaration {
  readonly repository: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly tags?: readonly string[];
  /** Compressed, as ECR counts it. */
  readonly bytes?: number;
}

/** What ECR's times are in: seconds since 1970. */
const PUSHED_AT = 1_760_000_000;

export class Images {
  readonly #images: readonly ImageDeclaration[];

  constructor(images: readonly ImageDeclaration[]) {
    this.#images = images;
  }

  describeImages({ repositoryName = '', imageIds }: DescribeImagesRequest): { imageDetails: object[] } {
    const there = this.#images.filter(({ repository }) => repository === repositoryName);
    if (there.length === 0) throw noRepository(repositoryName);
    const found = imageIds?.map((id) => {
      const image = there.find(
        ({ digest, tags }) =>
          (id.imageDigest === undefined || id.imageDigest === digest) &&
          (id.imageTag === undefined || tags?.includes(id.imageTag)),
      );
      if (image !== undefined) return image;
      throw new ServiceError(
        400,
        'ImageNotFoundException',
        `The image with imageId ${JSON.stringify(id)} does not exist`,
      );
    });
    return {
      imageDetails: (found ?? there).map(({ repository, digest, tags, bytes }) => ({
        registryId: ACCOUNT,
        repositoryName: repository,
        imageDigest: digest,
        imageTags: tags ?? [],
        imageSizeInBytes: bytes ?? 0,
        imagePushedAt: PUSHED_AT,
      })),
    };
  }

  describeRepositories({ repositoryNames }: DescribeRepositoriesRequest): { repositories: object[] } {
    const known = new Set(this.#images.map(({ repository }) => repository));
    const missing = repositoryNames?.find((name) => !known.has(name));
    if (missing !== undefined) throw noRepository(missing);
    return {
      repositories: (repositoryNames ?? [...known]).map((name) => ({
        repositoryName: name,
        registryId: ACCOUNT,
        repositoryArn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${name}`,
        repositoryUri: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${name}`,
        createdAt: PUSHED_AT,
      })),
    };
  }
}

function noRepository(name: string): ServiceError {
  return new ServiceError(
    400,
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist`,
  );
}
