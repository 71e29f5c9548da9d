import { inOneShape, type NeighbourRule, readingBetween } from '../neighbour-rules.ts';
import { EVERYDAY_READINGS } from './everyday-readings.ts';
import { LEARNED_READINGS } from './learned-readings.ts';
import { readWord, WORD_BEGINNINGS } from './words.ts';

/**
 * Readings by neighbour, by UTF-16 unit, where the dictionary settles a character with several readings wrongly.
 */
const RULES: (readonly NeighbourRule[] | undefined)[] = Array.from({ length: 0x10000 });

/** Which UTF-16 units have rules, or come first or second in words: every character is asked for, few are listed. */
const LISTED: Uint8Array = new Uint8Array(0x10000);
const HAS_RULES = 1;
const FIRST_IN_WORDS = 2;
const SECOND_IN_WORDS = 4;
for (const [character, rules] of Object.entries({ ...EVERYDAY_READINGS, ...LEARNED_READINGS })) {
  const unit = character.charCodeAt(0);
  RULES[unit] = inOneShape(rules);
  LISTED[unit] = HAS_RULES;
}
for (const beginning of WORD_BEGINNINGS) {
  list(beginning.charCodeAt(0), FIRST_IN_WORDS);
  list(beginning.charCodeAt(1), SECOND_IN_WORDS);
}

function list(unit: number, as: number): void {
  LISTED[unit] = (LISTED[unit] as number) | as;
}

const ADVERBIAL = '地'.charCodeAt(0);

/**
 * Mends, in place, what the dictionary reads wrong.
 *
 * @param line in simplified characters.
 * @param readings one a code point of the line, as pinyin with tone marks.
 */
export function correctReadings(line: string, readings: string[]): void {
  const units = line.length === readings.length ? line : oneUnitEach(line);
  // From the end: a word knows better than the rules of its characters, which have been applied by then.
  let next = 0;
  for (let index = units.length - 1; index >= 0; index--) {
    const listed = LISTED[units.charCodeAt(index)] as number;
    if ((listed & HAS_RULES) !== 0) readings[index] = readingAt(units, index) ?? readings[index] ?? '';
    if ((listed & FIRST_IN_WORDS) !== 0 && (next & SECOND_IN_WORDS) !== 0) readWord(units, index, readings);
    next = listed;
  }
}

function readingAt(units: string, index: number): string | undefined {
  const unit = units.charCodeAt(index);
  const before = index > 0 ? units.charAt(index - 1) : '';
  const after = index + 1 < units.length ? units.charAt(index + 1) : '';
  // 慢慢地, 静静地: after a doubled adjective 地 makes it an adverb.
  if (unit === ADVERBIAL && index > 1 && before === units.charAt(index - 2)) return 'de';
  return readingBetween(RULES[unit] ?? [], before, after);
}

/** Characters beyond the Basic Multilingual Plane are two units, and none of them is listed. */
function oneUnitEach(line: string): string {
  return Array.from(line, (character) => (character.length === 1 ? character : '\ufffd')).join('');
}
