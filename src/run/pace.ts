/** How fast work goes on, and how long it will take: from what was worked between two looks. Pure. */

/** A look at work under way. */
export interface Course {
  readonly committedTracks: number;
  /** CPU seconds as planned. */
  readonly plannedSeconds: number;
  readonly committedSeconds: number;
  readonly inFlightSeconds: number;
  readonly longestLeftSeconds: number;
  readonly unfinishedShards: number;
  readonly estimated: boolean;
  /** Seconds that workers have taken for what is committed. */
  readonly workSeconds: number;
  /** Workers that are at it at this moment. */
  readonly workers: number;
}

/** What {@link paceSince} has found. */
export interface Pace {
  readonly tracksPerSecond: number;
  /** Seconds: between the two, as far as can be told; undefined where all is done or nobody is at it. */
  readonly left: { readonly least: number; readonly most: number } | undefined;
}

/** Before so long nothing is said: the first tracks say more of how workers start than of how they work. */
const LEAST_SECONDS = 5;
const LEAST_WORK_SECONDS = 5;
/** What is estimated differs from look to look by about a hundredth of what is under way, though nothing was worked. */
const LEAST_SHARE_OF_ESTIMATED = 0.03;

/**
 * The pace of the workers that are at it now, from what all have worked since an earlier look: how many planned
 * seconds they get through in a second of their own. What was worked before that look has no part in it. Undefined as
 * long as there is too little to tell from.
 *
 * Time left is at least what is left shared evenly, and at least the longest shard's; and it is at most, if every
 * worker takes the next shard when it is through with one, the even share and most of the longest shard on top (R. L.
 * Graham: Bounds on multiprocessing timing anomalies. SIAM J. Appl. Math. 17(2), 1969, 416-429).
 *
 * @param elapsedSeconds between the two looks
 * @param uncommittedSeconds what a worker may have worked at most since it last committed
 */
export function paceSince(
  first: Course,
  now: Course,
  elapsedSeconds: number,
  uncommittedSeconds: number,
): Pace | undefined {
  const tracks = now.committedTracks - first.committedTracks;
  const planned = now.committedSeconds - first.committedSeconds;
  const worked = now.workSeconds - first.workSeconds;
  if (now.unfinishedShards === 0) {
    return tracks > 0 && elapsedSeconds > 0
      ? { tracksPerSecond: tracks / elapsedSeconds, left: undefined }
      : undefined;
  }
  if (elapsedSeconds < LEAST_SECONDS || worked < LEAST_WORK_SECONDS || !(tracks > 0 && planned > 0)) {
    return undefined;
  }
  const isUncertain = first.estimated || now.estimated;
  const underWay = Math.max(first.inFlightSeconds, now.inFlightSeconds);
  if (isUncertain && planned < LEAST_SHARE_OF_ESTIMATED * underWay) return undefined;
  const workers = Math.min(now.workers, now.unfinishedShards);
  if (workers <= 0) return undefined;
  const plannedPerWorkSecond = planned / worked;
  const evenly = (now.plannedSeconds - now.committedSeconds) / plannedPerWorkSecond / workers;
  const longest = now.longestLeftSeconds / plannedPerWorkSecond;
  const least = Math.max(0, Math.max(evenly, longest) - uncommittedSeconds);
  return {
    tracksPerSecond: (tracks / worked) * workers,
    left: { least, most: Math.max(least, evenly + (1 - 1 / workers) * longest) },
  };
}
