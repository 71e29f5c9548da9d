import { type Stereo, stereo } from './mixer.ts';

/** Delays in seconds, mutually prime enough not to ring together; even ones are heard left, odd ones right. */
const DELAYS = [0.0297, 0.0371, 0.0411, 0.0437];
/** Time to fall by 60 dB. */
const REVERBERATION_SECONDS = 1.3;
/** One-pole damping of high frequencies, a share of the last value. */
const DAMPING = 0.35;

/**
 * A room: four delay lines that feed each other through a Householder matrix (Jot and Chaigne, Digital
 * delay networks for designing artificial reverberators, 1991).
 */
export function reverberate(input: Stereo, sampleRate: number): Stereo {
  const lines = DELAYS.map((seconds) => ({
    buffer: new Float32Array(Math.round(seconds * sampleRate)),
    feedback: 10 ** ((-3 * seconds) / REVERBERATION_SECONDS),
    damped: 0,
  }));
  const output = stereo(input.left.length);
  for (let i = 0; i < input.left.length; i++) {
    let sum = 0;
    for (const line of lines) {
      const delayed = line.buffer[i % line.buffer.length] ?? 0;
      line.damped = (1 - DAMPING) * delayed + DAMPING * line.damped;
      sum += line.damped;
    }
    for (const [index, line] of lines.entries()) {
      const side = index % 2 === 0 ? 'left' : 'right';
      output[side][i] = (output[side][i] ?? 0) + line.damped;
      line.buffer[i % line.buffer.length] =
        (input[side][i] ?? 0) + line.feedback * (line.damped - (2 / lines.length) * sum);
    }
  }
  return output;
}
