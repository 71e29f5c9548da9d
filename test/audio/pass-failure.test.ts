import { describe, expect, it } from 'vitest';
import { LineLog } from '../../src/audio/line-log.ts';
import { PASS_SYMPTOMS, passFailure } from '../../src/audio/pass-failure.ts';
import { BackfillError } from '../../src/errors.ts';

const FAILED = { code: 1, signal: null, stopped: undefined };

describe('what ffmpeg says', () => {
  it.each([
    ['Error while opening decoder for input stream #0:0 : Resource temporarily unavailable', 'process-limit'],
    ['file:/x/y.flac: Too many open files', 'open-file-limit'],
  ])('%s: is of the machine', (line, code) => {
    expect(fail(line)).toMatchObject({ code, fault: 'environment' });
  });

  it.each([
    ['av_interleaved_write_frame(): No space left on device', 'scratch-full'],
    ['Error writing trailer of file:/x/flac.flac: No space left on device', 'scratch-full'],
    ['Exiting normally, received signal 24.', 'timeout'],
    ['Invalid data found when processing input', 'decode-failed'],
    // A decoder may be out of data for a moment, whatever else is wrong with the file.
    ['Error submitting packet to decoder: Resource temporarily unavailable', 'decode-failed'],
  ])('%s: is of the track', (line, code) => {
    const failure = fail(line);
    expect(failure).not.toBeInstanceOf(BackfillError);
    expect(failure).toMatchObject({ code });
  });

  it('of a file is not believed: neither its tags, nor its name', () => {
    for (const words of [
      'No space left on device',
      'x: Too many open files',
      'thread: Resource temporarily unavailable',
    ]) {
      expect(fail(`    title           : ${words}`)).toMatchObject({ code: 'decode-failed' });
      expect(fail(`Input #0, mp3, from 'file:/music/${words}':`)).toMatchObject({ code: 'decode-failed' });
    }
  });

  it('is not waited for where a limit has ended it', () => {
    const of = (signal: NodeJS.Signals) => passFailure({ code: null, signal, stopped: undefined }, log(''));
    expect(of('SIGXFSZ')).toMatchObject({
      code: 'scratch-full',
      message: expect.stringContaining('ulimit -f'),
    });
    expect(of('SIGXCPU')).toMatchObject({ code: 'timeout', message: expect.stringContaining('ulimit -t') });
    expect(of('SIGSEGV')).toMatchObject({ code: 'decode-failed' });
  });
});

function fail(line: string): ReturnType<typeof passFailure> {
  return passFailure(FAILED, log(line));
}

function log(line: string): LineLog {
  const said = new LineLog(PASS_SYMPTOMS);
  said.append(`${line}\n`);
  said.end();
  return said;
}
