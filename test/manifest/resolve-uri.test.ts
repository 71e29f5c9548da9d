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
  ['http://127.0.0.1/b.mp3', 'has a scheme that is not read: use a path or file://'],
  ['s3://bucket/b.mp3', 'has a scheme that is not read: use a path or file://'],
  ['HTTPS://example.org/b.mp3', 'has a scheme that is not read: use a path or file://'],
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
  const piece = fc.constantFrom('file:', 'http:', '//', '/', ':', 'a', '%41', '%', '\0', '.', 'localhost');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const uri = pieces.join('');
      const location = resolveSource(uri, BASE);
      expect(uriProblem(uri)).toBe(location.kind === 'unsupported' ? location.reason : undefined);
    }),
  );
});
