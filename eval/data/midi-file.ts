/**
 * Changing who plays in a standard MIDI file (format: "Standard MIDI-File Format Spec. 1.1", MIDI Manufacturers
 * Association).
 */

const CHUNK_HEADER_BYTES = 8;
const META = 0xff;
const SYSEX = [0xf0, 0xf7];
const TRACK_NAME = 0x03;
const PROGRAM_CHANGE = 0xc;
const NOTE_ON = 0x9;
const CONTROL_CHANGE = 0xb;
const SUSTAIN_PEDAL = 64;

interface Chunk {
  readonly type: string;
  readonly body: Uint8Array;
}

/** One event of a track: where its data bytes lie. */
interface MidiEvent {
  /** Of a channel event its status; {@link META} or one of {@link SYSEX} otherwise. */
  readonly status: number;
  /** Of a meta event. */
  readonly metaType: number | undefined;
  readonly data: Uint8Array;
}

/**
 * A copy in which the track of that name plays with another program (General MIDI, 0-based), from its beginning, and
 * without a pedal: what a piano lets fade away, a voice would hold on, note upon note.
 * @throws RangeError where no track has the name, or the file is none
 */
export function withProgram(midi: Uint8Array, trackName: string, program: number): Uint8Array {
  const chunks = readChunks(midi);
  const changed = chunks.map((chunk) =>
    isNamed(chunk, trackName) ? { ...chunk, body: playWith(chunk.body, program) } : chunk,
  );
  if (!chunks.some((chunk) => isNamed(chunk, trackName))) {
    throw new RangeError(`no track of the MIDI file is named ${trackName}`);
  }
  return writeChunks(changed);
}

/** A copy in which only the track of that name has notes. */
export function withTrackAlone(midi: Uint8Array, trackName: string): Uint8Array {
  const chunks = readChunks(midi).filter(
    (chunk) => chunk.type !== 'MTrk' || isNamed(chunk, trackName) || !hasNotes(chunk),
  );
  const tracks = chunks.filter(({ type }) => type === 'MTrk').length;
  return writeChunks(
    chunks.map((chunk) => {
      if (chunk.type !== 'MThd') return chunk;
      const body = Uint8Array.from(chunk.body);
      new DataView(body.buffer).setUint16(2, tracks);
      return { ...chunk, body };
    }),
  );
}

function readChunks(midi: Uint8Array): Chunk[] {
  const view = new DataView(midi.buffer, midi.byteOffset, midi.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 0; at + CHUNK_HEADER_BYTES <= midi.length; ) {
    const start = at + CHUNK_HEADER_BYTES;
    const end = start + view.getUint32(at + 4);
    const type = Buffer.from(midi.subarray(at, at + 4)).toString('latin1');
    chunks.push({ type, body: midi.subarray(start, end) });
    at = end;
  }
  if (chunks[0]?.type !== 'MThd') throw new RangeError('this is no standard MIDI file');
  return chunks;
}

function writeChunks(chunks: readonly Chunk[]): Uint8Array {
  return Buffer.concat(
    chunks.flatMap(({ type, body }) => {
      const header = Buffer.alloc(CHUNK_HEADER_BYTES);
      header.write(type, 'latin1');
      header.writeUInt32BE(body.length, 4);
      return [header, body];
    }),
  );
}

function isNamed({ type, body }: Chunk, name: string): boolean {
  if (type !== 'MTrk') return false;
  for (const { metaType, data } of events(body)) {
    if (metaType === TRACK_NAME) return Buffer.from(data).toString('utf8').trim() === name;
  }
  return false;
}

function hasNotes({ body }: Chunk): boolean {
  return [...events(body)].some(({ status }) => status >> 4 === NOTE_ON);
}

/** Changes every program change of the track, lifts the pedal wherever it is pressed, and puts one before all else for each channel that it plays on. */
function playWith(track: Uint8Array, program: number): Uint8Array {
  const changed = Uint8Array.from(track);
  const channels = new Set<number>();
  for (const { status, data } of events(changed)) {
    if (status >> 4 === PROGRAM_CHANGE) data[0] = program;
    if (status >> 4 === CONTROL_CHANGE && data[0] === SUSTAIN_PEDAL) data[1] = 0;
    if (status >> 4 === NOTE_ON) channels.add(status & 0x0f);
  }
  const first = [...channels].flatMap((channel) => [0, (PROGRAM_CHANGE << 4) | channel, program]);
  return Buffer.concat([Uint8Array.from(first), changed]);
}

function* events(track: Uint8Array): Generator<MidiEvent> {
  let at = 0;
  let running = 0;
  const variableLength = (): number => {
    let value = 0;
    for (;;) {
      const byte = track[at++] ?? 0;
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  };
  while (at < track.length) {
    variableLength(); // time since the last event
    const byte = track[at] ?? 0;
    if (byte === META || SYSEX.includes(byte)) {
      at += 1;
      const metaType = byte === META ? track[at++] : undefined;
      const length = variableLength();
      yield { status: byte, metaType, data: track.subarray(at, at + length) };
      at += length;
      continue;
    }
    if (byte >= 0x80) {
      running = byte;
      at += 1;
    }
    const length = [0xc, 0xd].includes(running >> 4) ? 1 : 2;
    yield { status: running, metaType: undefined, data: track.subarray(at, at + length) };
    at += length;
  }
}
