/** Mends, in place, what the dictionary reads wrong. `readings`: one a code point, as pinyin with tone marks. */
export function correctReadings(_line: string, _readings: string[]): void {}
