import { usageError } from '../errors.ts';
import { assertKey } from './keys.ts';

/** docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** A bucket, and the prefix that all keys of a store have: empty, or ending with its slash. */
export interface S3Location {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * Takes `s3://bucket` or `s3://bucket/prefix` apart; slashes at the end are no part of it.
 * @throws BackfillError `bad-store` (usage)
 */
export function parseS3StoreUri(uri: string): S3Location {
  const [, bucket = '', rest = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(uri) ?? [];
  const prefix = rest.replace(/\/+$/, '');
  if (!BUCKET.test(bucket) || bucket.includes('..')) {
    throw usageError(
      'bad-store',
      bucket === '' ? `'${uri}' names no bucket` : `'${bucket}' in '${uri}' can not be a bucket's name`,
      { hint: 'a store in S3 is s3://bucket or s3://bucket/prefix; bucket names are lower case' },
    );
  }
  if (prefix === '') return { bucket, prefix: '' };
  try {
    assertKey(prefix);
  } catch (cause) {
    throw usageError('bad-store', `'${prefix}' in '${uri}' can not be a store's prefix`, {
      cause,
      hint: 'a prefix is printable ASCII, without empty parts and without parts that begin with a dot',
    });
  }
  return { bucket, prefix: `${prefix}/` };
}
