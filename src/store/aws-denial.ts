/** What AWS says in a refusal beside its code: who may not do what, on what, and which policy decided. */

/** A refusal taken apart. */
export interface AwsDenial {
  /** `kms:GenerateDataKey`: not always the action of the request itself. */
  readonly action: string;
  /** An ARN, mostly; undefined where AWS names none. */
  readonly resource: string | undefined;
  /** Which kind of policy denies it or does not allow it: `VPC endpoint policy`; undefined where AWS does not say. */
  readonly policy: string | undefined;
  /** Whether that policy denies it outright, so that allowing it elsewhere changes nothing. */
  readonly isExplicit: boolean;
}

const SENTENCE =
  /is not authorized to perform: (?<action>[\w-]+:\w+)(?: on(?: resource)?:? "?(?<resource>arn:[^\s"]+)"?)?/;
const NOT_ALLOWED = /because no (?<policy>[a-z][\w -]*?policy|permissions boundary) allows/i;
const DENIED = /with an explicit deny in (?:an?|the) (?<policy>[a-z][\w -]*?(?:policy|boundary))/i;

/**
 * Reads `User: ARN is not authorized to perform: ACTION on resource: "ARN" because no ... policy allows it`.
 * Sources: docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html and
 * docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html. Other accounts' callers and older
 * services are told "Access Denied" alone: undefined.
 */
export function parseDenial(message: string): AwsDenial | undefined {
  const { action, resource } = SENTENCE.exec(message)?.groups ?? {};
  if (action === undefined) return undefined;
  const denied = DENIED.exec(message)?.groups?.policy;
  const policy = denied ?? NOT_ALLOWED.exec(message)?.groups?.policy;
  return { action, resource, policy, isExplicit: denied !== undefined };
}

/** What to change so that it is allowed. */
export function denialHint({ action, resource, policy, isExplicit }: AwsDenial): string {
  const what = `${action}${resource === undefined ? '' : ` on ${resource}`}`;
  if (isExplicit) return `a statement of ${articleFor(policy ?? 'policy')} denies ${what}: change that one`;
  const own = 'the IAM policy of the role or user that is used';
  // Both have to allow the use of a key: docs.aws.amazon.com/kms/latest/developerguide/control-access.html
  if (action.startsWith('kms:')) return `allow ${what} in ${own}, and in the policy of the key`;
  const where = policy === undefined || /identity-based/i.test(policy) ? own : `the ${policy}`;
  return `allow ${what} in ${where}`;
}

function articleFor(policy: string): string {
  return `${/^[aeiou]/i.test(policy) ? 'an' : 'a'} ${policy}`;
}
