/** Kana of each vowel. Small ones count by what they sound with: シャ is long as シャア. */
const VOWELS: Readonly<Record<string, string>> = {
  ア: 'ァアカガサザタダナハバパャマヤラヮワ',
  イ: 'ィイキギシジチヂニヒビピミリヰ',
  ウ: 'ゥウクグスズツヅヌフブプムュユルヴ',
  エ: 'ェエケゲセゼテデネヘベペメレヱ',
  オ: 'ォオコゴソゾトドノホボポモョヨロヲ',
};
const VOWEL_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(VOWELS).flatMap(([vowel, kana]) => [...kana].map((one) => [one, vowel] as const)),
);
/** Written apart, said alike. */
const HOMOPHONES: Readonly<Record<string, string>> = { ヲ: 'オ', ヅ: 'ズ', ヂ: 'ジ' };
const HIRAGANA_TO_KATAKANA = 0x60;

/**
 * A reading in kana, folded for comparison: katakana alone, punctuation and whatever else dropped, long vowels
 * written out (ー as the vowel that it lengthens; エイ as エエ, オウ as オオ: `pronunciation` in IPADIC writes them
 * with ー), ヲ, ヅ, ヂ as オ, ズ, ジ.
 */
export function foldKana(reading: string): string {
  let folded = '';
  for (const character of reading) {
    const kana = HOMOPHONES[toKatakana(character)] ?? toKatakana(character);
    if (!/^[ァ-ヴー]$/.test(kana)) continue;
    const before = VOWEL_OF.get(folded.at(-1) ?? '');
    const isLong = kana === 'ー' || (kana === 'イ' && before === 'エ') || (kana === 'ウ' && before === 'オ');
    folded += isLong ? (before ?? '') : kana;
  }
  return folded;
}

function toKatakana(character: string): string {
  if (!/^[ぁ-ゖ]$/.test(character)) return character;
  return String.fromCodePoint((character.codePointAt(0) as number) + HIRAGANA_TO_KATAKANA);
}
