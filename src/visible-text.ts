/**
 * Text from outside (manifests, stores, file names, other programs) may hold characters that command a terminal or turn
 * the reading order around. What is printed shows them instead of sending them.
 */

// C0 but tab and line feed, DEL and C1; line and paragraph separators; the bidirectional controls (Bidi_Control of
// Unicode); surrogates without their other half.
const COMMANDING =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/** The text with every such character as `\u001b`: for people. */
export function visible(text: string): string {
  return text.replace(COMMANDING, escaped);
}

// JSON has escaped C0 and surrogates already; outside its strings none of these can stand.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const COMMANDING_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON of the same value without any of them. */
export function visibleJson(json: string): string {
  return json.replace(COMMANDING_IN_JSON, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
