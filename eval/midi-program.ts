/**
 * A copy of a standard MIDI file in which the tracks of the given name play with another program
 * (General MIDI, 0-based).
 */
export function withProgram(midi: Uint8Array, trackName: string, program: number): Uint8Array {
  const copy = Uint8Array.from(midi);
  const view = new DataView(copy.buffer);
  for (let chunk = 0; chunk + 8 <= copy.length; ) {
    const length = view.getUint32(chunk + 4);
    const body = copy.subarray(chunk + 8, chunk + 8 + length);
    const isTrack = Buffer.from(copy.subarray(chunk, chunk + 4)).toString('latin1') === 'MTrk';
    if (isTrack && Buffer.from(body.subarray(0, 64)).toString('latin1').includes(trackName)) {
      setProgram(body, program);
    }
    chunk += 8 + length;
  }
  return copy;
}

function setProgram(track: Uint8Array, program: number): void {
  let at = 0;
  let status = 0;
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
    if ((track[at] as number) >= 0x80) status = track[at++] as number;
    if (status === 0xff || status === 0xf0 || status === 0xf7) {
      if (status === 0xff) at += 1;
      const length = variableLength();
      at += length;
    } else if (status >> 4 === 0xc) {
      track[at++] = program;
    } else {
      at += status >> 4 === 0xd ? 1 : 2;
    }
  }
}
