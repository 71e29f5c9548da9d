import {
  DescribeImagesCommand,
  ECRClient,
  ImageNotFoundException,
  RepositoryNotFoundException,
} from '@aws-sdk/client-ecr';
import { awsFailure } from '../../store/aws-failure.ts';
import type { EcrImage } from './container-image-name.ts';

/** What is known of images in Amazon ECR. */
export interface ContainerImages {
  /**
   * Looks for an image by its digest, or else by its tag.
   * @returns undefined where the repository or the image is not there
   * @throws BackfillError as `awsFailure` has them: `aws-denied`, `aws-credentials`, ...
   */
  find(image: EcrImage): Promise<FoundImage | undefined>;
}

export interface FoundImage {
  /** `sha256:...`; of an image for several platforms, that of its index. */
  readonly digest: string;
  /** Compressed, as it is fetched; undefined for an image for several platforms. */
  readonly bytes?: number;
}

/** Images as Amazon ECR has them, in whatever region. */
export class EcrImages implements ContainerImages {
  readonly #clients = new Map<string, ECRClient>();

  async find(image: EcrImage): Promise<FoundImage | undefined> {
    const { registry, region, repository, tag, digest } = image;
    const imageId = digest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest: digest };
    try {
      const { imageDetails = [] } = await this.#client(region).send(
        new DescribeImagesCommand({ registryId: registry, repositoryName: repository, imageIds: [imageId] }),
      );
      const [found] = imageDetails;
      if (found?.imageDigest === undefined) return undefined;
      const bytes = found.imageSizeInBytes;
      return { digest: found.imageDigest, ...(bytes === undefined ? {} : { bytes }) };
    } catch (error) {
      if (error instanceof ImageNotFoundException || error instanceof RepositoryNotFoundException)
        return undefined;
      const needs = `ecr:DescribeImages on arn:aws:ecr:${region}:${registry}:repository/${repository}`;
      throw awsFailure(error, { doing: `look for images in ${image.uri}`, needs }) ?? error;
    }
  }

  #client(region: string): ECRClient {
    const client = this.#clients.get(region) ?? new ECRClient({ region });
    this.#clients.set(region, client);
    return client;
  }
}
