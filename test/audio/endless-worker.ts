/** A worker in the midst of encoding, for a test that kills it: says so once ffmpeg has begun, and never ends. */
import { mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runMediaPass } from '../../src/audio/media-pass.ts';
import { probe } from '../../src/audio/probe.ts';

const [, , path = ''] = process.argv;
const { signal } = new AbortController();
await runMediaPass({
  path,
  source: await probe(path, { signal }),
  sinks: [
    {
      format: { encoding: 's16', sampleRate: 'source', channels: 'source' },
      write() {
        process.stdout.write('started\n');
        return new Promise(() => {});
      },
    },
  ],
  encodings: [{ name: 'aac', codec: 'aac', container: 'm4a', bitrate: 96_000 }],
  scratchDirectory: mkdtempSync(join(dirname(path), 'worker-')),
  maxDurationSeconds: 3600,
  timeoutSeconds: 3600,
  signal,
});
