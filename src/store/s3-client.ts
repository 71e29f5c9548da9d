import { S3Client } from '@aws-sdk/client-s3';
import { isSlowDown } from './s3-answers.ts';
import { AdaptiveConcurrency } from './s3-concurrency.ts';

/** Attempts at a request, with the SDK's growing, jittered waits between them: half a minute under throttling. */
const ATTEMPTS = 8;
const CONNECTION_TIMEOUT_MS = 10_000;
/** A connection on which nothing has moved for so long is dead; a slow one that moves is not. */
const IDLE_TIMEOUT_MS = 30_000;
const FIRST_CONCURRENCY = 8;
const HIGHEST_CONCURRENCY = 128;
/** More than requests under way, since an answer's body is still read when its request counts as served. */
const SOCKETS = 2 * HIGHEST_CONCURRENCY;

let shared: S3Client | undefined;

/** The client of this process: one for all, so that its limits hold for all. Made from the environment when first asked for. */
export function sharedS3Client(): S3Client {
  return (shared ??= createS3Client());
}

/**
 * Makes a client from the environment, as every AWS tool does: region, profile, credentials and endpoint
 * (AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, ...). With an endpoint of one's own the bucket
 * is in the path, since such servers seldom have a host name for every bucket.
 */
export function createS3Client(options: { readonly endpoint?: string } = {}): S3Client {
  const configured = process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  const client = new S3Client({
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    forcePathStyle: (options.endpoint ?? configured ?? '') !== '',
    retryMode: 'standard',
    maxAttempts: ATTEMPTS,
    // Waiting for `100 Continue` would cost each larger upload a connection of its own.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: IDLE_TIMEOUT_MS,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
  });
  boundConcurrency(
    client,
    new AdaptiveConcurrency({ initial: FIRST_CONCURRENCY, highest: HIGHEST_CONCURRENCY }),
  );
  return client;
}

/**
 * Lets every attempt at a request (so below the SDK's retries) take a place first. It is given back when the
 * answer's head is there, or when there will be none.
 */
function boundConcurrency(client: S3Client, concurrency: AdaptiveConcurrency): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const { abortSignal } = (context['__smithy_context'] ?? {}) as { abortSignal?: AbortSignal };
      const release = await concurrency.acquire(abortSignal);
      try {
        const answer = await next(args);
        release('served');
        return answer;
      } catch (error) {
        release(isSlowDown(error) ? 'congested' : 'broken');
        throw error;
      }
    },
    { name: 'boundConcurrency', step: 'finalizeRequest', priority: 'low' },
  );
}
