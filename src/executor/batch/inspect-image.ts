import { parseEcrImage } from './container-image-name.ts';
import type { ContainerImages } from './container-images.ts';
import { type Finding, bad, good } from './inspect-finding.ts';

/** Whether the image of a job definition can be fetched; of other registries than Amazon ECR that is not known. */
export async function inspectImage(images: ContainerImages, image: string): Promise<readonly Finding[]> {
  const name = 'image';
  const parsed = parseEcrImage(image);
  if (parsed === undefined) return [good(name, `${image} is not in a private ECR registry: not looked at`)];
  const found = await images.find(parsed);
  if (found === undefined) {
    return [
      bad(
        name,
        `${image} is not there`,
        `push it, then: backfill jobdefs register --repository ${parsed.uri}`,
      ),
    ];
  }
  const size = found.bytes === undefined ? '' : `, ${Math.round(found.bytes / 1e6)} MB to fetch`;
  return [good(name, `${parsed.uri}@${found.digest.slice(0, 19)}... is there${size}`)];
}
