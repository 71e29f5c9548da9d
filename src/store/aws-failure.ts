import { type BackfillError, environmentError } from '../errors.ts';
import { SET_THE_CLOCK, clockSkewSeconds, skewWords } from './aws-clock.ts';
import { denialHint, parseDenial } from './aws-denial.ts';

/** What was tried when AWS refused. */
export interface AwsAttempt {
  /** What could not be done: `read s3://bucket/key`, `submit a job to queue q`. */
  readonly doing: string;
  /** The permission that it takes: `s3:GetObject on arn:aws:s3:::bucket/*`. */
  readonly needs?: string;
}

/**
 * What an error of any AWS client means for whoever runs backfill, and what to do about it; undefined for one
 * that did not come from AWS or the way there. Told by names, statuses and codes, so that it fits every client.
 *
 * Codes: `aws-credentials`, `aws-region`, `aws-clock`, `aws-denied`, `no-such-bucket`, `aws-unreachable` (no
 * answer), `aws-unavailable` (throttled or 5xx, after all retries), `aws-refused` (any other answer).
 * Names: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and
 * docs.aws.amazon.com/awssupport/latest/APIReference/CommonErrors.html.
 */
export function awsFailure(error: unknown, attempt: AwsAttempt): BackfillError | undefined {
  if (!(error instanceof Error)) return undefined;
  const told = error as AwsError;
  return (
    CREDENTIAL_FAILURES[told.name]?.(told, attempt) ??
    regionFailure(told, attempt) ??
    refusal(told, attempt) ??
    networkFailure(told, attempt)
  );
}

interface AwsError extends Error {
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  /** S3 names the right region in the body or the head of its answer. */
  readonly Region?: unknown;
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

type Explanation = (error: AwsError, attempt: AwsAttempt) => BackfillError;

const noCredentials: Explanation = (cause, { doing }) =>
  environmentError('aws-credentials', `can not ${doing}: no AWS credentials (${cause.message})`, {
    cause,
    hint: 'run `aws configure` or `aws sso login`, name a profile with --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  });

const expiredCredentials: Explanation = (cause, { doing }) =>
  environmentError('aws-credentials', `can not ${doing}: the AWS credentials have expired`, {
    cause,
    hint: 'run `aws sso login`, or renew AWS_SESSION_TOKEN and the keys beside it, and try again',
  });

const refusedCredentials: Explanation = (cause, { doing }) =>
  environmentError(
    'aws-credentials',
    `can not ${doing}: the AWS credentials are not accepted (${cause.name})`,
    {
      cause,
      hint: 'see which are used with `aws sts get-caller-identity`; name others with --profile',
    },
  );

const wrongClock: Explanation = (cause, { doing }) => {
  const seconds = clockSkewSeconds(cause.$response?.headers?.['date'], Date.now());
  const words = seconds === undefined ? 'not that of AWS' : skewWords(seconds);
  return environmentError('aws-clock', `can not ${doing}: this machine's clock is ${words}`, {
    cause,
    hint: SET_THE_CLOCK,
  });
};

/** A signature that is too old or too new has the name of a wrong one. */
const wrongSignature: Explanation = (cause, attempt) =>
  /^signature (?:expired|not yet current)/i.test(cause.message)
    ? wrongClock(cause, attempt)
    : refusedCredentials(cause, attempt);

const CREDENTIAL_FAILURES: Readonly<Record<string, Explanation>> = {
  CredentialsProviderError: noCredentials,
  TokenProviderError: expiredCredentials,
  ExpiredToken: expiredCredentials,
  ExpiredTokenException: expiredCredentials,
  TokenRefreshRequired: expiredCredentials,
  InvalidAccessKeyId: refusedCredentials,
  InvalidClientTokenId: refusedCredentials,
  InvalidSignatureException: wrongSignature,
  InvalidToken: refusedCredentials,
  MissingAuthenticationToken: refusedCredentials,
  MissingAuthenticationTokenException: refusedCredentials,
  SignatureDoesNotMatch: refusedCredentials,
  UnrecognizedClientException: refusedCredentials,
  RequestExpired: wrongClock,
  RequestTimeTooSkewed: wrongClock,
  RequestInTheFuture: wrongClock,
};

const ELSEWHERE = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
]);

function regionFailure(cause: AwsError, { doing }: AwsAttempt): BackfillError | undefined {
  // The SDK marks this one by nothing but its message.
  if (cause.message === 'Region is missing') {
    return environmentError('aws-region', `can not ${doing}: no AWS region is set`, {
      cause,
      hint: 'name it with --region or AWS_REGION, or in the profile',
    });
  }
  const status = cause.$metadata?.httpStatusCode;
  if (!ELSEWHERE.has(cause.name) && status !== 301 && status !== 307) return undefined;
  const region = cause.Region ?? cause.$response?.headers?.['x-amz-bucket-region'];
  const where = typeof region === 'string' ? region : 'another region';
  return environmentError('aws-region', `can not ${doing}: it is in ${where}`, {
    cause,
    hint:
      typeof region === 'string'
        ? `run in that region (--region ${region}): traffic between regions is billed`
        : 'name its region with --region',
  });
}

const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AllAccessDisabled',
  'UnauthorizedOperation',
]);

/** Refusals that the service itself has sent. */
function refusal(cause: AwsError, { doing, needs }: AwsAttempt): BackfillError | undefined {
  const status = cause.$metadata?.httpStatusCode;
  if (cause.name === 'NoSuchBucket') {
    return environmentError('no-such-bucket', `can not ${doing}: there is no such bucket`, {
      cause,
      hint: 'correct its name, or make it: aws s3 mb s3://BUCKET',
    });
  }
  if (status === undefined) return undefined;
  // S3 passes on what the key management service refuses, as 400 with codes of its own.
  const key = /^KMS\.(?!Throttling)(\w+)/.exec(cause.name)?.[1];
  if (key !== undefined) {
    return environmentError(
      'aws-denied',
      `not allowed to ${doing}: its KMS key can not be used (${key}): ${cause.message}`,
      {
        cause,
        hint: 'see that the key of the bucket is enabled, and that its policy and the role allow kms:Decrypt and kms:GenerateDataKey',
      },
    );
  }
  if (DENIED.has(cause.name) || status === 401 || status === 403) {
    const denial = parseDenial(cause.message);
    // What AWS says is missing goes before what such a request takes as a rule: it may be the key's permission.
    const needed = needs ?? 'it';
    return environmentError('aws-denied', `not allowed to ${doing}: ${cause.message}`, {
      cause,
      hint:
        denial === undefined
          ? `allow ${needed} in the IAM policy of the role or user that is used`
          : denialHint(denial),
    });
  }
  if (status === 429 || status >= 500) {
    return environmentError(
      'aws-unavailable',
      `can not ${doing}: AWS answered ${status} (${cause.name}) to every attempt`,
      {
        cause,
        hint: 'try again later; where it goes on, see health.aws.amazon.com',
      },
    );
  }
  return environmentError('aws-refused', `can not ${doing}: ${cause.name}: ${cause.message}`, { cause });
}

const NETWORK_CODES = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Requests that no answer came to. */
function networkFailure(cause: AwsError, { doing }: AwsAttempt): BackfillError | undefined {
  const code = typeof cause.code === 'string' ? cause.code : '';
  const isCertificate = /^(?:ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code);
  if (!NETWORK_CODES.has(code) && cause.name !== 'TimeoutError' && !isCertificate) return undefined;
  return environmentError(
    'aws-unreachable',
    `can not ${doing}: ${cause.message.trim() || code || cause.name}`,
    {
      cause,
      hint: isCertificate
        ? 'where a proxy signs the traffic, name its certificate in NODE_EXTRA_CA_CERTS'
        : 'check the network, the region, and the endpoint (--endpoint-url, AWS_ENDPOINT_URL) where one is set',
    },
  );
}
