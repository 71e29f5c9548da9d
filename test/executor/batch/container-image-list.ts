import type { EcrImage } from '../../../src/executor/batch/container-image-name.ts';
import type { ContainerImages, FoundImage } from '../../../src/executor/batch/container-images.ts';

/** Images in memory, by `registry/repository:tag`; each is found by its digest too. */
export class ContainerImageList implements ContainerImages {
  readonly #images: Readonly<Record<string, FoundImage>>;

  constructor(images: Readonly<Record<string, FoundImage>>) {
    this.#images = images;
  }

  async find({ uri, tag, digest }: EcrImage): Promise<FoundImage | undefined> {
    if (digest === undefined) return this.#images[`${uri}:${tag}`];
    return Object.entries(this.#images).find(
      ([name, image]) => name.startsWith(`${uri}:`) && image.digest === digest,
    )?.[1];
  }
}
