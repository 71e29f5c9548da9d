/** Progress in words. (Apart from its drawing, which loads much that a look at the status does not need.) */
import type { SubmissionProgress } from '../../operations/submission-progress.ts';
import type { Pace } from '../../run/pace.ts';
import { count, duration, percent, plural, rate } from './quantities.ts';

/**
 * `12 of 48 tracks (25.0 %), 1.3 tracks/s, about 28 s left, 2 failures`, in its parts; with `31.2 % of the work` where
 * the tracks that are done are heavier or lighter than the others.
 * @param columns that there are: where tracks do not fit, a share does
 */
export function progressParts(
  progress: SubmissionProgress,
  columns: number = Number.POSITIVE_INFINITY,
): string[] {
  const { done, total, failed, fraction, estimated, fromStore, pace } = progress;
  const about = estimated ? 'about ' : '';
  const [ofTracks, ofWork] = [percent(done, total), percent(fraction, 1)];
  const isNothing = fraction === 0;
  const tracks = `${about}${count(done)} of ${plural(total, 'track')} (${ofTracks})`;
  const fits = tracks.length <= columns;
  const parts = [fits ? tracks : `${about}${ofWork}`];
  if (fits && ofTracks !== ofWork) parts.push(`${about}${ofWork} of the work`);
  if (fromStore && isNothing) parts.push('nothing committed yet');
  if (fromStore && (isNothing || estimated)) {
    if (estimated) parts.push(sampleText(progress));
    else if (progress.inFlightShards > 0) parts.push(`${plural(progress.inFlightShards, 'shard')} under way`);
  }
  parts.push(...paceParts(pace, fromStore));
  const failures = failed === 0 ? `no failures${fraction < 1 ? ' so far' : ''}` : plural(failed, 'failure');
  return [...parts, failed === 0 ? failures : `${about}${failures}`];
}

/** `estimated from 4,096 of 9,000 shards under way`. */
export function sampleText(sample: {
  readonly sampledShards: number;
  readonly inFlightShards: number;
}): string {
  return `estimated from ${count(sample.sampledShards)} of ${plural(sample.inFlightShards, 'shard')} under way`;
}

/** `1.3 tracks/s`, `about 28 s to 40 s left`; nothing where nothing is known. */
export function paceParts(pace: Pace | undefined, isEstimate: boolean): string[] {
  if (pace === undefined) return [];
  const parts = [`${isEstimate ? 'about ' : ''}${rate(pace.tracksPerSecond, 'track')}`];
  if (pace.left !== undefined) {
    const [least, most] = [duration(pace.left.least), duration(pace.left.most)];
    // So little between them says no more than one number that is an estimate.
    const isNarrow = pace.left.most - pace.left.least <= pace.left.most / 10;
    parts.push(`about ${isNarrow || least === most ? most : `${least} to ${most}`} left`);
  }
  return parts;
}
