/** What a track costs apart from a program's start: by the difference of a long and a short piece of work. */
import type { CommandFigures } from '../harness/command.ts';

export interface MarginalFigures {
  readonly tracksPerSecond: number;
  readonly cpuPerTrack: number;
  /** What the short one took beyond its tracks, at that rate: start and end. */
  readonly startSeconds: number;
  readonly startCpuSeconds: number;
}

interface Timed {
  readonly tracks: number;
  readonly figures: Pick<CommandFigures, 'wallSeconds' | 'cpuSeconds'>;
}

export function marginal(short: Timed, long: Timed): MarginalFigures {
  const tracks = long.tracks - short.tracks;
  const wall = (long.figures.wallSeconds - short.figures.wallSeconds) / tracks;
  const cpu = (long.figures.cpuSeconds - short.figures.cpuSeconds) / tracks;
  return {
    tracksPerSecond: 1 / wall,
    cpuPerTrack: cpu,
    startSeconds: short.figures.wallSeconds - wall * short.tracks,
    startCpuSeconds: short.figures.cpuSeconds - cpu * short.tracks,
  };
}
