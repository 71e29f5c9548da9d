import { type NeighbourRule, readingBetween } from '../neighbour-rules.ts';
import { EVERYDAY_READINGS } from './everyday-readings.ts';
import { LEARNED_READINGS } from './learned-readings.ts';
import { readWord, WORD_BEGINNINGS } from './words.ts';

/** Readings by neighbour where the dictionary settles a character with several readings wrongly. */
const RULES: ReadonlyMap<string, readonly NeighbourRule[]> = new Map(
  Object.entries({ ...EVERYDAY_READINGS, ...LEARNED_READINGS }),
);

/** Which UTF-16 units have rules, begin words or have neither: every character is asked for, few have any. */
const LISTED: Uint8Array = new Uint8Array(0x10000);
const HAS_RULES = 1;
const BEGINS_WORDS = 2;
for (const character of RULES.keys()) LISTED[character.charCodeAt(0)] = HAS_RULES;
for (const character of WORD_BEGINNINGS) {
  const unit = character.charCodeAt(0);
  LISTED[unit] = (LISTED[unit] as number) | BEGINS_WORDS;
}

/**
 * Mends, in place, what the dictionary reads wrong.
 *
 * @param line in simplified characters.
 * @param readings one a code point of the line, as pinyin with tone marks.
 */
export function correctReadings(line: string, readings: string[]): void {
  const units = line.length === readings.length ? line : oneUnitEach(line);
  // From the end: a word knows better than the rules of its characters, which have been applied by then.
  for (let index = units.length - 1; index >= 0; index--) {
    const listed = LISTED[units.charCodeAt(index)] as number;
    if (listed === 0) continue;
    if ((listed & HAS_RULES) !== 0) readings[index] = readingAt(units, index) ?? readings[index] ?? '';
    if ((listed & BEGINS_WORDS) !== 0) readWord(units, index, readings);
  }
}

function readingAt(units: string, index: number): string | undefined {
  const character = units.charAt(index);
  const before = units.charAt(index - 1);
  // 慢慢地, 静静地: after a doubled adjective 地 makes it an adverb.
  if (character === '地' && before !== '' && before === units.charAt(index - 2)) return 'de';
  return readingBetween(RULES.get(character) ?? [], before, units.charAt(index + 1));
}

/** Characters beyond the Basic Multilingual Plane are two units, and none of them is listed. */
function oneUnitEach(line: string): string {
  return Array.from(line, (character) => (character.length === 1 ? character : '\ufffd')).join('');
}
