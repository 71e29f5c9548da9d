import { describe, expect, it } from 'vitest';
import { clockSkewSeconds, skewWords } from '../../src/store/aws-clock.ts';
import { awsFailure } from '../../src/store/aws-failure.ts';

const ROLE = 'arn:aws:sts::123456789012:assumed-role/backfill-JobRole/1';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222';
const OBJECT = 'arn:aws:s3:::bucket/store/runs/1/run.json';

function refusal(name: string, message: string, status = 403, headers: Record<string, string> = {}) {
  return Object.assign(new Error(message), {
    name,
    $metadata: { httpStatusCode: status },
    $response: { headers },
  });
}

const writing = { doing: 'write s3://bucket/k', needs: 's3:PutObject on the bucket bucket' };

describe('a refusal of AWS', () => {
  it.each([
    [
      `User: ${ROLE} is not authorized to perform: kms:GenerateDataKey on resource: ${KEY} because no identity-based policy allows the kms:GenerateDataKey action`,
      `allow kms:GenerateDataKey on ${KEY} in the IAM policy of the role or user that is used, and in the policy of the key`,
    ],
    [
      `User: ${ROLE} is not authorized to perform: s3:PutObject on resource: "${OBJECT}" because no identity-based policy allows the s3:PutObject action`,
      `allow s3:PutObject on ${OBJECT} in the IAM policy of the role or user that is used`,
    ],
    [
      `User: ${ROLE} is not authorized to perform: s3:PutObject on resource: "${OBJECT}" because no VPC endpoint policy allows the s3:PutObject action`,
      `allow s3:PutObject on ${OBJECT} in the VPC endpoint policy`,
    ],
    [
      `User: ${ROLE} is not authorized to perform: s3:PutObject on resource: "${OBJECT}" with an explicit deny in a service control policy`,
      `a statement of a service control policy denies s3:PutObject on ${OBJECT}: change that one`,
    ],
    ['Access Denied', 'allow s3:PutObject on the bucket bucket in the IAM policy'],
  ])('says what to allow, and where: %s', (message, hint) => {
    const error = awsFailure(refusal('AccessDenied', message), writing);
    expect(error).toMatchObject({ code: 'aws-denied', hint: expect.stringContaining(hint) });
  });

  it('over a KMS key that is disabled is no wrong request', () => {
    const error = awsFailure(refusal('KMS.DisabledException', `${KEY} is disabled.`, 400), writing);
    expect(error).toMatchObject({
      code: 'aws-denied',
      message: expect.stringContaining('its KMS key can not be used (DisabledException)'),
      hint: expect.stringContaining('kms:GenerateDataKey'),
    });
  });

  it.each(['KMS.ThrottlingException', 'SlowDown'])('%s is to be tried later', (name) => {
    expect(awsFailure(refusal(name, 'slower', 503), writing)?.code).toBe('aws-unavailable');
  });
});

describe('a clock that is not that of AWS', () => {
  it.each([
    ['RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.'],
    ['InvalidSignatureException', 'Signature expired: 20261128T010000Z is now earlier than 20261128T020000Z'],
    ['InvalidSignatureException', 'Signature not yet current: 20261128T030000Z is still later than ...'],
    ['RequestInTheFuture', 'Request timestamp is in the future'],
  ])('%s says by how much: %s', (name, message) => {
    const date = new Date(Date.now() - 423_000).toUTCString();
    const error = awsFailure(refusal(name, message, 403, { date }), { doing: 'submit a job' });
    expect(error?.code).toBe('aws-clock');
    expect(error?.message).toMatch(/this machine's clock is 7 min \d s ahead of that of AWS/);
    expect(error?.hint).toContain('timedatectl');
  });

  it('is told from keys that are wrong', () => {
    const error = refusal('InvalidSignatureException', 'The request signature we calculated does not match');
    expect(awsFailure(error, { doing: 'submit a job' })?.code).toBe('aws-credentials');
  });

  it('is measured in whole seconds, and said in words', () => {
    const now = Date.UTC(2026, 10, 28, 12, 0, 0);
    expect(clockSkewSeconds('Sat, 28 Nov 2026 11:00:00 GMT', now)).toBe(3600);
    expect(clockSkewSeconds('Sat, 28 Nov 2026 12:00:59 GMT', now)).toBe(-59);
    expect(clockSkewSeconds(undefined, now)).toBeUndefined();
    expect([0, -59, 60, 3600, -5400].map(skewWords)).toEqual([
      '0 s ahead of that of AWS',
      '59 s behind that of AWS',
      '1 min ahead of that of AWS',
      '1 h ahead of that of AWS',
      '1 h 30 min behind that of AWS',
    ]);
  });
});
