const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

/** The ARN of something of Batch: `kind` is job, job-queue, job-definition or compute-environment. */
export function arnOf(kind: string, name: string): string {
  return `arn:aws:batch:${REGION}:${ACCOUNT}:${kind}/${name}`;
}

/** The name in an ARN, or what was given where it is a name already. */
export function nameInArn(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}

export { ACCOUNT, REGION };
