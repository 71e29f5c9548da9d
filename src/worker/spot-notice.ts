/**
 * The notice that a spot instance is taken away, two minutes before it is:
 * docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html. ECS passes it on as SIGTERM
 * where draining is switched on, for tasks of services at least; of Batch's no page says so. So the worker asks the
 * instance itself, by IMDSv2: docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** Where instances answer, unless the SDKs' own variable names another place. */
const METADATA_SERVICE = 'http://169.254.169.254';

/** AWS advises to look every five seconds. */
const LOOK_EVERY_MILLISECONDS = 5000;
/** Who is not on an instance, or may not ask it, is not answered: no time is lost over that. */
const ANSWER_WITHIN_MILLISECONDS = 1000;
const TOKEN_SECONDS = 21_600;

export interface SpotNoticeOptions {
  /** Aborted: nobody wants to know any more. */
  readonly signal: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly lookEveryMilliseconds?: number;
}

/**
 * Resolves with true when this instance is about to be stopped, terminated or hibernated; with false when the
 * signal is aborted, or where there is no instance that could be asked.
 */
export async function spotNotice(options: SpotNoticeOptions): Promise<boolean> {
  const { signal, environment, lookEveryMilliseconds = LOOK_EVERY_MILLISECONDS } = options;
  if (environment.AWS_BATCH_JOB_ID === undefined || environment.AWS_EC2_METADATA_DISABLED === 'true') {
    return false;
  }
  const service = environment.AWS_EC2_METADATA_SERVICE_ENDPOINT ?? METADATA_SERVICE;
  let token: string | undefined;
  while (!signal.aborted) {
    token ??= await newToken(service);
    if (token === undefined) return false;
    const status = await instanceAction(service, token);
    if (status === 200) return true;
    // Unauthorised: the token is too old.
    if (status === 401) token = undefined;
    await delay(lookEveryMilliseconds, undefined, { signal, ref: false }).catch(() => {});
  }
  return false;
}

async function newToken(service: string): Promise<string | undefined> {
  const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_SECONDS) };
  const answer = await ask(`${service}/latest/api/token`, { method: 'PUT', headers });
  return answer?.ok === true ? answer.text() : undefined;
}

/** 404 as long as nothing is meant to happen; undefined where no answer came this time. */
async function instanceAction(service: string, token: string): Promise<number | undefined> {
  const headers = { 'x-aws-ec2-metadata-token': token };
  const answer = await ask(`${service}/latest/meta-data/spot/instance-action`, { headers });
  await answer?.arrayBuffer();
  return answer?.status;
}

async function ask(url: string, request: RequestInit): Promise<Response | undefined> {
  try {
    return await fetch(url, { ...request, signal: AbortSignal.timeout(ANSWER_WITHIN_MILLISECONDS) });
  } catch {
    return undefined;
  }
}
