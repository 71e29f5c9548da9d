/**
 * The notice that a spot instance is taken away, two minutes before it is:
 * docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html. The stack's machines watch for
 * it themselves and pass it on as SIGTERM, since there the metadata service is closed to jobs (jobdefs/cloudformation.yaml).
 * On machines of another making the worker asks, by IMDSv2:
 * docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** Where instances answer, unless the SDKs' own variable names another place. */
const METADATA_SERVICE = 'http://169.254.169.254';

/** AWS advises to look every five seconds. */
const LOOK_EVERY_MILLISECONDS = 5000;
/**
 * After an answer that did not come, or was none, the pause doubles up to this. Short enough that a service which was
 * slow once leaves most of the two minutes; long enough to cost nothing where it never answers.
 */
const MAX_PAUSE_MILLISECONDS = 30_000;
const ANSWER_WITHIN_MILLISECONDS = 1000;
const TOKEN_SECONDS = 21_600;

export interface SpotNoticeOptions {
  /** Aborted: nobody wants to know any more. */
  readonly signal: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly lookEveryMilliseconds?: number;
  readonly answerWithinMilliseconds?: number;
}

/**
 * Resolves with true when this instance is about to be stopped, terminated or hibernated; with false when the
 * signal is aborted, or where there is no instance that could be asked: outside of Batch, on Fargate (which sends
 * SIGTERM itself), or where AWS_EC2_METADATA_DISABLED says so. A service that is slow, refuses, or does not answer is
 * asked again, less often, for as long as the signal is not aborted.
 */
export async function spotNotice(options: SpotNoticeOptions): Promise<boolean> {
  const { signal, environment, lookEveryMilliseconds = LOOK_EVERY_MILLISECONDS } = options;
  const { answerWithinMilliseconds = ANSWER_WITHIN_MILLISECONDS } = options;
  const isOnInstance =
    environment.AWS_BATCH_JOB_ID !== undefined && environment.AWS_EXECUTION_ENV !== 'AWS_ECS_FARGATE';
  if (!isOnInstance || environment.AWS_EC2_METADATA_DISABLED === 'true') return false;
  const service = environment.AWS_EC2_METADATA_SERVICE_ENDPOINT ?? METADATA_SERVICE;
  const ask = metadataService(service, answerWithinMilliseconds);
  let token: string | undefined;
  let pause = lookEveryMilliseconds;
  while (!signal.aborted) {
    token ??= await ask.newToken();
    const status = token === undefined ? undefined : await ask.instanceAction(token);
    if (status === 200) return true;
    // 404: nothing is meant to happen. Unauthorised: the token is too old.
    pause =
      status === 404 || status === 401 ? lookEveryMilliseconds : Math.min(2 * pause, MAX_PAUSE_MILLISECONDS);
    if (status === 401) token = undefined;
    await delay(pause, undefined, { signal, ref: false }).catch(() => {});
  }
  return false;
}

function metadataService(service: string, withinMilliseconds: number) {
  async function ask(path: string, request: RequestInit): Promise<Response | undefined> {
    try {
      const signal = AbortSignal.timeout(withinMilliseconds);
      const answer = await fetch(`${service}${path}`, { ...request, signal });
      // Its body too has to come in time.
      return new Response(await answer.text(), { status: answer.status });
    } catch {
      return undefined;
    }
  }
  return {
    async newToken(): Promise<string | undefined> {
      const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_SECONDS) };
      const answer = await ask('/latest/api/token', { method: 'PUT', headers });
      return answer?.ok === true ? answer.text() : undefined;
    },
    /** Undefined where no answer came this time. */
    async instanceAction(token: string): Promise<number | undefined> {
      const headers = { 'x-aws-ec2-metadata-token': token };
      return (await ask('/latest/meta-data/spot/instance-action', { headers }))?.status;
    },
  };
}
