/**
 * Modified Hepburn (as in ALA-LC and Kenkyusha's dictionary): long vowels with a macron, `n` before every
 * consonant, `n'` before a vowel or y, `tch` for っち.
 */
const SYLLABLES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ア: 'a',
    イ: 'i',
    ウ: 'u',
    エ: 'e',
    オ: 'o',
    カ: 'ka',
    キ: 'ki',
    ク: 'ku',
    ケ: 'ke',
    コ: 'ko',
    サ: 'sa',
    シ: 'shi',
    ス: 'su',
    セ: 'se',
    ソ: 'so',
    タ: 'ta',
    チ: 'chi',
    ツ: 'tsu',
    テ: 'te',
    ト: 'to',
    ナ: 'na',
    ニ: 'ni',
    ヌ: 'nu',
    ネ: 'ne',
    ノ: 'no',
    ハ: 'ha',
    ヒ: 'hi',
    フ: 'fu',
    ヘ: 'he',
    ホ: 'ho',
    マ: 'ma',
    ミ: 'mi',
    ム: 'mu',
    メ: 'me',
    モ: 'mo',
    ヤ: 'ya',
    ユ: 'yu',
    ヨ: 'yo',
    ラ: 'ra',
    リ: 'ri',
    ル: 'ru',
    レ: 're',
    ロ: 'ro',
    ワ: 'wa',
    ヰ: 'i',
    ヱ: 'e',
    ヲ: 'o',
    ヮ: 'wa',
    ガ: 'ga',
    ギ: 'gi',
    グ: 'gu',
    ゲ: 'ge',
    ゴ: 'go',
    ザ: 'za',
    ジ: 'ji',
    ズ: 'zu',
    ゼ: 'ze',
    ゾ: 'zo',
    ダ: 'da',
    ヂ: 'ji',
    ヅ: 'zu',
    デ: 'de',
    ド: 'do',
    バ: 'ba',
    ビ: 'bi',
    ブ: 'bu',
    ベ: 'be',
    ボ: 'bo',
    パ: 'pa',
    ピ: 'pi',
    プ: 'pu',
    ペ: 'pe',
    ポ: 'po',
    ヴ: 'vu',
    ヷ: 'va',
    ヸ: 'vi',
    ヹ: 've',
    ヺ: 'vo',
    ヵ: 'ka',
    ヶ: 'ke',
    ァ: 'a',
    ィ: 'i',
    ゥ: 'u',
    ェ: 'e',
    ォ: 'o',
    ャ: 'ya',
    ュ: 'yu',
    ョ: 'yo',
    ウィ: 'wi',
    ウェ: 'we',
    ウォ: 'wo',
    イェ: 'ye',
    スィ: 'si',
    ズィ: 'zi',
    ティ: 'ti',
    ディ: 'di',
    トゥ: 'tu',
    ドゥ: 'du',
    テュ: 'tyu',
    デュ: 'dyu',
    フュ: 'fyu',
    ヴュ: 'vyu',
    ホゥ: 'hu',
    クヮ: 'kwa',
    グヮ: 'gwa',
    クァ: 'kwa',
    クィ: 'kwi',
    クェ: 'kwe',
    クォ: 'kwo',
    グァ: 'gwa',
    グィ: 'gwi',
    グェ: 'gwe',
    グォ: 'gwo',
    シェ: 'she',
    ジェ: 'je',
    チェ: 'che',
    ツァ: 'tsa',
    ツィ: 'tsi',
    ツェ: 'tse',
    ツォ: 'tso',
    ファ: 'fa',
    フィ: 'fi',
    フェ: 'fe',
    フォ: 'fo',
    ヴァ: 'va',
    ヴィ: 'vi',
    ヴェ: 've',
    ヴォ: 'vo',
  }),
);

/** Onsets before a small ャ, ュ, ョ or ェ. */
const PALATALS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    キ: 'ky',
    ギ: 'gy',
    シ: 'sh',
    ジ: 'j',
    チ: 'ch',
    ヂ: 'j',
    ニ: 'ny',
    ヒ: 'hy',
    ビ: 'by',
    ピ: 'py',
    ミ: 'my',
    リ: 'ry',
  }),
);
const PALATAL_VOWELS: ReadonlyMap<string, string> = new Map(
  Object.entries({ ャ: 'a', ュ: 'u', ョ: 'o', ェ: 'e' }),
);
const MACRONS: ReadonlyMap<string, string> = new Map(
  Object.entries({ a: 'ā', i: 'ī', u: 'ū', e: 'ē', o: 'ō' }),
);
/** A small vowel that only draws out the vowel before it: ねぇ, なぁ. */
const SMALL_VOWELS: ReadonlyMap<string, string> = new Map(
  Object.entries({ ァ: 'a', ィ: 'i', ゥ: 'u', ェ: 'e', ォ: 'o' }),
);

/** What makes one syllable with the kana before it. */
const SMALL_KANA: ReadonlySet<string> = new Set('ァィゥェォャュョヮ');

/**
 * A word's katakana (long vowels as ー, as pronounced) in modified Hepburn. What is no katakana passes
 * through. A final ッ, which stops the breath, is not written.
 */
export function hepburn(katakana: string): string {
  let latin = '';
  // Apart from what stands before it, as it may yet be drawn out.
  let last = '';
  const append = (letters: string): void => {
    latin += last;
    last = letters;
  };
  let doubled = false;
  let afterN = false;
  for (let i = 0; i < katakana.length; i++) {
    const kana = katakana.charAt(i);
    if (kana === 'ッ') {
      doubled = true;
      afterN = false;
      continue;
    }
    if (kana === 'ー') {
      last = lengthen(last);
      afterN = false;
      continue;
    }
    if (kana === 'ン') {
      append('n');
      doubled = false;
      afterN = true;
      continue;
    }
    let syllable: string | undefined;
    if (SMALL_KANA.has(katakana.charAt(i + 1))) {
      const two = katakana.slice(i, i + 2);
      syllable = SYLLABLES.get(two) ?? palatal(two);
    }
    if (syllable !== undefined) i++;
    else {
      const small = SMALL_VOWELS.get(kana);
      if (small !== undefined && last.endsWith(small)) {
        if (small === 'i') append('i');
        else last = lengthen(last);
        continue;
      }
      syllable = SYLLABLES.get(kana) ?? kana;
    }
    if (doubled && /^[bcdfghjklmpqrstvwyz]/.test(syllable)) {
      append(syllable.startsWith('ch') ? 't' : syllable.charAt(0));
    }
    doubled = false;
    if (afterN && /^[aiueoy]/.test(syllable)) append("'");
    afterN = false;
    append(syllable);
  }
  return latin + last;
}

function palatal(two: string): string | undefined {
  const onset = PALATALS.get(two.charAt(0));
  const vowel = PALATAL_VOWELS.get(two.charAt(1));
  return onset === undefined || vowel === undefined ? undefined : onset + vowel;
}

/** Draws the last vowel out; a mark after anything else (ン, nothing) is silent. */
function lengthen(latin: string): string {
  const macron = MACRONS.get(latin.at(-1) ?? '');
  return macron === undefined ? latin : latin.slice(0, -1) + macron;
}
