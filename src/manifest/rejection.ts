/** Why a row of a manifest is no track. */
export interface Rejection {
  readonly code: RejectionCode;
  /** For people, with the row's own values; follows "the row" in a sentence: `has 4 fields where the header has 5`. */
  readonly reason: string;
}

/** What rejected rows are counted by. */
export type RejectionCode =
  | 'audio-uri-missing'
  | 'byte-order-mark'
  | 'control-character'
  | 'duration-invalid'
  | 'field-count'
  | 'header-repeated'
  | 'language-invalid'
  | 'not-utf8'
  | 'quote-misplaced'
  | 'quote-unclosed'
  | 'row-too-long'
  | 'track-id-missing'
  | 'track-id-repeated'
  | 'track-id-too-long'
  | 'uri-unsupported';
