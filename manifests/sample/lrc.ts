import type { LyricsFile, Song } from './song.ts';
import type { SungLine } from './timeline.ts';

/** Writes a song's words as LRC: tags, then a line a phrase with the time of its first note. */
export function writeLrc(song: Song, file: LyricsFile, lines: readonly SungLine[]): string {
  const offset = file.offsetMilliseconds ?? 0;
  const tags = [`[ti:${song.title}]`, `[ar:${song.artist}]`];
  if (offset !== 0) tags.push(`[offset:${offset > 0 ? '+' : ''}${offset}]`);
  const stamped = lines.map(({ seconds, text }) => ({ stamp: stampOf(seconds + offset / 1000), text }));
  const rows = file.compact ? compacted(stamped) : stamped;
  return [...tags, ...rows.map(({ stamp, text }) => stamp + text), ''].join(file.newline);
}

interface StampedLine {
  readonly stamp: string;
  readonly text: string;
}

/** Gives every text one line, at its first place, with all its stamps. */
function compacted(lines: readonly StampedLine[]): StampedLine[] {
  return [...Map.groupBy(lines, ({ text }) => text)].map(([text, group]) => ({
    text,
    stamp: group.map(({ stamp }) => stamp).join(''),
  }));
}

/** `[mm:ss.xx]`, hundredths of a second. */
function stampOf(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const minutes = Math.floor(hundredths / 6000);
  const rest = ((hundredths % 6000) / 100).toFixed(2);
  return `[${String(minutes).padStart(2, '0')}:${rest.padStart(5, '0')}]`;
}
