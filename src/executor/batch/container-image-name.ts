/** An image of a private Amazon ECR registry: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/backfill:all-1`. */
export interface EcrImage {
  /** Twelve digits: the account. */
  readonly registry: string;
  readonly region: string;
  /** With its registry: what stands before the tag or digest. */
  readonly uri: string;
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:...` */
  readonly digest?: string;
}

const ECR_IMAGE =
  /^((\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\/([a-z0-9][a-z0-9._/-]*))(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** Takes an image's name apart; undefined where it is not in a private registry of Amazon ECR. */
export function parseEcrImage(name: string): EcrImage | undefined {
  const match = ECR_IMAGE.exec(name);
  if (match === null) return undefined;
  const [, uri = '', registry = '', region = '', repository = '', tag, digest] = match;
  return {
    registry,
    region,
    uri,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Whether a name has the digest of an image in it, and so always means the same one. */
export function isPinned(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image);
}
