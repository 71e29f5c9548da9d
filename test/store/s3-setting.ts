/**
 * Takes care that no test asks a real AWS account or reads this machine's AWS settings. Credentials and region
 * that are set, as for a server that checks them, stay.
 */
export function useDummyCredentials(): void {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test-secret';
  process.env['AWS_REGION'] ??= 'us-east-1';
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  for (const name of ['AWS_PROFILE', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3']) delete process.env[name];
}
