/**
 * Sound changes that depend on the word, not on its letters alone: where a compound's second half keeps
 * its independence (Standard Pronunciation, articles 15 and 29), and where h is kept because the word is
 * a noun (Revised Romanization, section 3.1, 4).
 */

/** n is inserted before these when a consonant comes before: pieces of compounds, with what goes before them. */
const INSERTED_N = new RegExp(
  [
    '(?<=[가-힣])잎',
    '(?<=알|물|두통|감기|소화|내복|한|가루|안)약(?![속간])',
    '(?<=학)여울',
    '(?<=한|첫|늦)여름',
    '(?<=색)연필',
    '(?<=솜|홑|겹|핫|담)이불',
    '(?<=담)요',
    '(?<=콩|물)엿',
    '(?<=눈)요기',
    '(?<=식용|휘발|등)유(?![가-힣])',
    '(?<=서울|부산|강남|신촌|용산)역(?![사])',
    '(?<=열|물|른|흔|쉰|순|백|천)여(?:섯|덟)',
    '(?<=열|물)일곱',
    '(?<=앞|뒷|옛|볼|할|별|막|밭|안|한|들|큰)일(?![상본반요어])(?=[이을은도만과의에]|$)',
    '(?<=옛|뒷|앞)이야기',
    '(?<=맨)입',
    '(?<=불)여우',
    '(?<=못)(?:잊|이루|있)',
    '(?<=베갯)잇',
  ].join('|'),
  'g',
);

/** The second half begins with a vowel of its own, so the coda before it is first reduced: 맛없다 = 마덥다. */
const INDEPENDENT_VOWEL =
  /(?<=맛|멋)없|(?<=값)(?:어치|없)|(?<=첫)(?:인상|아|애|음)|(?<=겉|홑|속|헛)(?:옷|웃)|(?<=웃|윗)어른|(?<=못)(?:오|와|왔|올|온|알|아)/g;

/** Nouns (and their derivatives) that keep h after k, t, p though 하, 해, 한, 할, 함 or 합 may be a verb's. */
const NOUN_H =
  /축하|북한|역할|박하|집합|복합|결합|접합|종합|융합|박해|첫해|백합|육해|악한|곡해|학회|작함|백학|국한(?=반|문)/g;

export interface LexicalSounds {
  /** Indices of syllables that get ㄴ for their silent onset. */
  readonly insertedN: ReadonlySet<number>;
  /** Indices of syllables whose vowel does not draw the coda before it over unreduced. */
  readonly independent: ReadonlySet<number>;
  /** Indices of syllables whose ㅎ is kept after a stop. */
  readonly keptH: ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

/** The word-bound sounds of one word of Hangul; indices are of its syllables. */
export function lexicalSounds(word: string): LexicalSounds {
  return {
    insertedN: positions(word, INSERTED_N, 0),
    independent: positions(word, INDEPENDENT_VOWEL, 0),
    keptH: positions(word, NOUN_H, 1),
  };
}

function positions(word: string, pattern: RegExp, shift: number): ReadonlySet<number> {
  if (word.length < 2) return NONE;
  let found: Set<number> | undefined;
  for (const match of word.matchAll(pattern)) {
    found ??= new Set();
    found.add(match.index + shift);
  }
  return found ?? NONE;
}
