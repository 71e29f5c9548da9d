/** One accepted row of a manifest. */
export interface Track {
  /** Unique in its run; at most 256 bytes of UTF-8, no control characters. */
  readonly trackId: string;
  /** As the manifest has it: relative path, absolute path, `file://` or `s3://` URI. */
  readonly audioUri: string;
  /** Seconds, where the manifest tells. */
  readonly durationSeconds: number | undefined;
  readonly lyricsUri: string | undefined;
  /** BCP 47, where the manifest tells. */
  readonly language: string | undefined;
  /** All other columns, by header name, as they stand. */
  readonly extra: Readonly<Record<string, string>>;
}
