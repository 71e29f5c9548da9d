/** The columns of a manifest that mean something to backfill; all others are carried along. */

/** In the order in which messages and documents name them. */
export const MANIFEST_COLUMNS = ['track_id', 'audio_uri', 'duration_s', 'lyrics_uri', 'language'] as const;

export type ManifestColumn = (typeof MANIFEST_COLUMNS)[number];

/** Columns without which a file is no manifest. */
export const REQUIRED_COLUMNS = ['track_id', 'audio_uri'] as const;

/**
 * The plan's own column: which algorithms a row is wanted for, where not all of the run's. A manifest may
 * not have a column of this name.
 */
export const RESERVED_COLUMN = 'backfill_algorithms';
