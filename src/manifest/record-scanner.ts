/**
 * Finds where one CSV record ends by following its quotes, byte by byte, after the grammar of RFC 4180:
 * a field is quoted if it starts with a quote; inside, two quotes are one; after the closing quote comes a
 * comma or the record's end. Nothing is parsed: csv-parse does that once the record is known to be whole.
 */

import type { Rejection } from './rejection.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;

const TEXT_AFTER_QUOTE: Rejection = { code: 'quote-misplaced', reason: 'has text after a closing quote' };
const QUOTE_INSIDE: Rejection = {
  code: 'quote-misplaced',
  reason: 'has a quote inside a field that does not start with one',
};

export type Scan =
  /** The record ends before byte `end`, its line feed included. */
  | { readonly kind: 'record'; readonly end: number }
  /** The bytes end before the record does. `quoted`: inside an open quote. */
  | { readonly kind: 'open'; readonly quoted: boolean }
  /** Byte `at` can not stand where it is. */
  | { readonly kind: 'malformed'; readonly at: number; readonly rejection: Rejection };

/**
 * Scans the record that starts at `start`. The end of `bytes` ends a record only if `final`.
 */
export function scanRecord(bytes: Buffer, start: number, final: boolean): Scan {
  let position = start;
  for (;;) {
    if (bytes[position] === QUOTE) {
      const close = closingQuote(bytes, position + 1);
      if (close < 0) return { kind: 'open', quoted: true };
      position = close + 1;
    } else {
      position = fieldEnd(bytes, position);
    }
    switch (bytes[position]) {
      case undefined:
        return final ? { kind: 'record', end: position } : { kind: 'open', quoted: false };
      case COMMA:
        position += 1;
        break;
      case LINE_FEED:
        return { kind: 'record', end: position + 1 };
      case CARRIAGE_RETURN:
        if (bytes[position + 1] === LINE_FEED) return { kind: 'record', end: position + 2 };
        if (position + 1 === bytes.length && !final) return { kind: 'open', quoted: false };
        return { kind: 'malformed', at: position, rejection: TEXT_AFTER_QUOTE };
      case QUOTE:
        return { kind: 'malformed', at: position, rejection: QUOTE_INSIDE };
      default:
        return { kind: 'malformed', at: position, rejection: TEXT_AFTER_QUOTE };
    }
  }
}

/** The quote that ends a quoted field whose text starts at `position`; -1 if there is none. */
function closingQuote(bytes: Buffer, position: number): number {
  let quote = bytes.indexOf(QUOTE, position);
  while (quote >= 0 && bytes[quote + 1] === QUOTE) quote = bytes.indexOf(QUOTE, quote + 2);
  return quote;
}

/** The first comma, line feed or quote from `position` on. */
function fieldEnd(bytes: Buffer, position: number): number {
  let end = position;
  while (end < bytes.length) {
    const byte = bytes[end];
    if (byte === COMMA || byte === LINE_FEED || byte === QUOTE) break;
    end += 1;
  }
  return end;
}
