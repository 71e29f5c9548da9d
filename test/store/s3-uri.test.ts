import { describe, expect, it } from 'vitest';
import { openS3Store } from '../../src/store/s3-store.ts';

describe('the URI of a store in S3', () => {
  it.each([
    ['s3://bucket', 's3://bucket'],
    ['s3://bucket/', 's3://bucket'],
    ['s3://my.bucket-1/a/b', 's3://my.bucket-1/a/b'],
    ['s3://bucket/a/b//', 's3://bucket/a/b'],
  ])('%s is %s', (given, uri) => {
    expect(openS3Store(given).uri).toBe(uri);
  });

  it.each([
    's3://',
    's3:///prefix',
    's3://Bucket',
    's3://ab',
    's3://-bucket',
    's3://a..b',
    's3://bucket/../other',
    's3://bucket/a//b',
    's3://bucket/ä',
    's3://bucket/a\nb',
    's3://bucket/.hidden',
    'bucket',
  ])('%j is refused', (uri) => {
    expect(() => openS3Store(uri)).toThrow(expect.objectContaining({ code: 'bad-store', fault: 'usage' }));
  });
});
