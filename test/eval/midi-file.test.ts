import { expect, test } from 'vitest';
import { withProgram, withTrackAlone } from '../../eval/data/midi-file.ts';

function chunk(type: string, ...bytes: readonly number[]): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, Buffer.from(bytes)]);
}

function named(name: string, ...events: readonly number[]): Buffer {
  return chunk('MTrk', 0, 0xff, 0x03, name.length, ...Buffer.from(name), ...events, 0, 0xff, 0x2f, 0);
}

const HEADER = chunk('MThd', 0, 1, 0, 3, 0, 96);
const TEMPO = chunk('MTrk', 0, 0xff, 0x51, 3, 7, 0xa1, 0x20, 0, 0xff, 0x2f, 0);
// Program 0, then a note on and, by running status, off; the piano says 0xc0 as a data byte of a meta event.
const MELODY = named('MELODY', 0, 0xc3, 0, 0, 0x93, 60, 100, 96, 60, 0);
const PIANO = named('PIANO', 0, 0xff, 0x01, 2, 0xc0, 0x41, 0, 0x91, 48, 100, 96, 48, 0);
const SONG = Buffer.concat([HEADER, TEMPO, MELODY, PIANO]);

test('the named track plays with the program, before all else and wherever it changed', () => {
  const events = [
    [0, 0xc3, 53],
    [0, 0xff, 0x03, 6, ...Buffer.from('MELODY')],
    [0, 0xc3, 53],
    [0, 0x93, 60, 100, 96, 60, 0],
    [0, 0xff, 0x2f, 0],
  ];
  const melody = chunk('MTrk', ...events.flat());
  expect(Buffer.from(withProgram(SONG, 'MELODY', 53))).toEqual(Buffer.concat([HEADER, TEMPO, melody, PIANO]));
});

test('a track that has no program gets one', () => {
  const changed = Buffer.from(withProgram(SONG, 'PIANO', 4)).subarray(SONG.length - PIANO.length);
  expect([...changed.subarray(8, 11)]).toEqual([0, 0xc1, 4]);
});

test('a track alone keeps the tempo, and drops the others', () => {
  const alone = Buffer.from(withTrackAlone(SONG, 'MELODY'));
  const header = chunk('MThd', 0, 1, 0, 2, 0, 96);
  expect(alone).toEqual(Buffer.concat([header, TEMPO, MELODY]));
});

test('a singer has no pedal; the others keep theirs', () => {
  const pedal = [0, 0xb3, 64, 127];
  const lifted = Buffer.concat([
    HEADER,
    named('MELODY', 0, 0xc3, 53, 0, 0xb3, 64, 0),
    named('PIANO', ...pedal),
  ]);
  const played = Buffer.concat([HEADER, named('MELODY', 0, 0xc3, 0, ...pedal), named('PIANO', ...pedal)]);
  expect(Buffer.from(withProgram(played, 'MELODY', 53))).toEqual(lifted);
});

test('what is asked for must be there', () => {
  expect(() => withProgram(SONG, 'VOCAL', 53)).toThrow(/VOCAL/);
  expect(() => withProgram(Buffer.from('RIFF0000WAVE'), 'MELODY', 53)).toThrow(RangeError);
});
