import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveSource, uriProblem } from '../../src/manifest/resolve-uri.ts';

const BASE = '/music/manifests';

test.each([
  ['a/b.mp3', '/music/manifests/a/b.mp3'],
  ['../audio/b.mp3', '/music/audio/b.mp3'],
  ['/data/b.mp3', '/data/b.mp3'],
  ['./what? 100%25 #1 "loud" \'x\' 🎵.flac', '/music/manifests/what? 100%25 #1 "loud" \'x\' 🎵.flac'],
  ['Symphony no: 5.mp3', '/music/manifests/Symphony no: 5.mp3'],
  ['-rf.mp3', '/music/manifests/-rf.mp3'],
  ['~/b.mp3', '/music/manifests/~/b.mp3'],
  ['file:///data/b%20c%23.mp3', '/data/b c#.mp3'],
  ['file://localhost/data/%E4%BA%8C.mp3', '/data/二.mp3'],
  ['FILE:///data/b.mp3', '/data/b.mp3'],
  ['file:/data/b.mp3', '/data/b.mp3'],
  ['file:///data/../etc/b.mp3', '/etc/b.mp3'],
])('%s is a file', (uri, path) => {
  expect(resolveSource(uri, BASE)).toEqual({ kind: 'file', path });
  expect(uriProblem(uri)).toBeUndefined();
});

test.each([
  ['s3://bucket/b.mp3', 'bucket', 'b.mp3'],
  ['S3://bucket/b.mp3', 'bucket', 'b.mp3'],
  ['s3://my.music-2/a/b c%20#1?x=y+"z" 🎵.flac', 'my.music-2', 'a/b c%20#1?x=y+"z" 🎵.flac'],
  ['s3://bucket//twice/../b.mp3/', 'bucket', '/twice/../b.mp3/'],
  [`s3://${'b'.repeat(63)}/${'k'.repeat(1024)}`, 'b'.repeat(63), 'k'.repeat(1024)],
])('%s is an object', (uri, bucket, key) => {
  expect(resolveSource(uri, BASE)).toEqual({ kind: 's3', bucket, key });
  expect(uriProblem(uri)).toBeUndefined();
});

test.each([
  ['http://127.0.0.1/b.mp3', 'has a scheme that is not read: use a path, file:// or s3://'],
  ['s3n://bucket/b.mp3', 'has a scheme that is not read: use a path, file:// or s3://'],
  ['s3://bucket', 'names a bucket, and no key in it'],
  ['s3://bucket/', 'names a bucket, and no key in it'],
  ['s3:///b.mp3', "names the bucket '', which is no name of an S3 bucket"],
  ['s3://Bucket/b.mp3', "names the bucket 'Bucket', which is no name of an S3 bucket"],
  ['s3://ab/b.mp3', "names the bucket 'ab', which is no name of an S3 bucket"],
  ['s3://-abc/b.mp3', "names the bucket '-abc', which is no name of an S3 bucket"],
  ['s3://a..b/b.mp3', "names the bucket 'a..b', which is no name of an S3 bucket"],
  ['s3://my_music/b.mp3', "names the bucket 'my_music', which is no name of an S3 bucket"],
  ['s3://10.0.0.1/b.mp3', "names the bucket '10.0.0.1', which is no name of an S3 bucket"],
  [`s3://${'b'.repeat(64)}/b.mp3`, `names the bucket '${'b'.repeat(64)}', which is no name of an S3 bucket`],
  [`s3://bucket/${'二'.repeat(342)}`, 'has a key of 1026 bytes: S3 has none over 1024'],
  ['s3://bucket/a\0b', 'holds a NUL character'],
  ['HTTPS://example.org/b.mp3', 'has a scheme that is not read: use a path, file:// or s3://'],
  ['file://nas/b.mp3', "names the host 'nas': only files of this machine are read"],
  ['file:///data/100%.mp3', 'is not percent-encoded UTF-8'],
  ['file:///data/%ff.mp3', 'is not percent-encoded UTF-8'],
  ['file:///data/%00.mp3', 'holds a NUL character'],
  ['a\0b', 'holds a NUL character'],
])('%s is not read', (uri, reason) => {
  expect(resolveSource(uri, BASE)).toEqual({ kind: 'unsupported', reason });
  expect(uriProblem(uri)).toBe(reason);
});

test('the cheap look for a problem agrees with resolving', () => {
  const piece = fc.constantFrom(
    'file:',
    'http:',
    's3:',
    'abc',
    '//',
    '/',
    ':',
    'a',
    '%41',
    '%',
    '\0',
    '.',
    'localhost',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const uri = pieces.join('');
      const location = resolveSource(uri, BASE);
      expect(uriProblem(uri)).toBe(location.kind === 'unsupported' ? location.reason : undefined);
    }),
  );
});
