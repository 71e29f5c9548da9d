/** What S3's refusals say, by their codes (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */

interface ServiceError {
  readonly name?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** The object is not there; its bucket is. HEAD has no body that could tell: there it is any 404. */
export function isMissingObject(error: unknown): boolean {
  return nameOf(error) === 'NoSuchKey' || nameOf(error) === 'NotFound';
}

/** A condition does not hold. */
export function isPreconditionFailed(error: unknown): boolean {
  return nameOf(error) === 'PreconditionFailed' || statusOf(error) === 412;
}

/** Another conditional write of the same object was under way: to be tried again. */
export function isConditionalConflict(error: unknown): boolean {
  return nameOf(error) === 'ConditionalRequestConflict';
}

/** A range begins at or after the object's end. */
export function isRangeNotSatisfiable(error: unknown): boolean {
  return nameOf(error) === 'InvalidRange' || statusOf(error) === 416;
}

/** The multipart upload was completed or aborted. */
export function isMissingUpload(error: unknown): boolean {
  return nameOf(error) === 'NoSuchUpload';
}

/** The object is in a storage class that it has to be restored from before it can be read. */
export function isArchived(error: unknown): boolean {
  return nameOf(error) === 'InvalidObjectState';
}

/** Too many requests: fewer are wanted. */
export function isSlowDown(error: unknown): boolean {
  return nameOf(error) === 'SlowDown' || statusOf(error) === 503 || statusOf(error) === 429;
}

/** Whether the request was sent more than once, so that an earlier one may have been obeyed. */
export function wasRetried(error: unknown): boolean {
  return ((error as ServiceError).$metadata?.attempts ?? 1) > 1;
}

function nameOf(error: unknown): unknown {
  return (error as ServiceError).name;
}

function statusOf(error: unknown): number | undefined {
  return (error as ServiceError).$metadata?.httpStatusCode;
}
