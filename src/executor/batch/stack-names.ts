/**
 * What jobdefs/cloudformation.yaml calls the things it makes where its `Prefix` is left as it is: so that
 * nothing needs to be named on the command line.
 */
export const STACK_NAMES: {
  /** Jobs on spot instances. */
  readonly queue: string;
  /** Jobs on on-demand instances: for shards that were reclaimed again and again. */
  readonly fallbackQueue: string;
  readonly logGroup: string;
} = {
  queue: 'backfill-spot',
  fallbackQueue: 'backfill-on-demand',
  logGroup: '/backfill/worker',
};

/** What the definition of an algorithm is registered as, or that of `all`: `backfill-all`. */
export function definitionName(name: string): string {
  return `backfill-${name}`;
}

/** The command that makes a stack, with the two parameters that have no default. */
export const DEPLOY_STACK: string =
  'aws cloudformation deploy --stack-name backfill --template-file jobdefs/cloudformation.yaml ' +
  '--capabilities CAPABILITY_IAM --parameter-overrides VpcId=... SubnetIds=...';
