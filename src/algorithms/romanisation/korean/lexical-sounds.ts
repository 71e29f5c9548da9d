/**
 * Sound changes that depend on the word, not on its letters alone: where a compound's second half keeps
 * its independence (Standard Pronunciation, articles 15 and 29), and where h is kept because the word is
 * a noun (Revised Romanization, section 3.1, 4).
 */

/**
 * A sound that comes where a compound's halves meet. Its group is the first half: the sound is at the
 * syllable after it.
 */
type Seam = RegExp;

/** n is inserted before these second halves when a consonant comes before. */
const INSERTED_N: Seam = new RegExp(
  [
    '([가-힣])잎',
    '(알|물|두통|감기|소화|내복|한|가루|안)약(?![속간])',
    '(학)여울',
    '(한|첫|늦)여름',
    '(신)여성',
    '(남존)여비',
    '(직행|급행|완행)열차',
    '(색)연필',
    '(늑막|관절|위장|맹장)염',
    '(영업|작업|사업|학습)용',
    '(백분)율',
    '(밤)윷',
    '(설)익',
    '(유들)유들',
    '(솜|홑|겹|핫|담)이불',
    '(담)요',
    '(콩|물)엿',
    '(눈)요기',
    '(식용|휘발|등)유(?![가-힣])',
    '(서울|부산|강남|신촌|용산)역(?!사)',
    '(열|물|른|흔|쉰|순|백|천)여(?:섯|덟)',
    '(열|물)일곱',
    '(앞|뒷|옛|볼|할|별|막|밭|안|한|들|큰|삯|헛)일(?=[이을은도만과의에]|$)',
    '(옛|뒷|앞)이야기',
    '(맨)입',
    '(불)여우',
    '(못)(?:잊|이루|있)',
    '(베갯)잇',
  ].join('|'),
  'g',
);

/** The second half begins with a vowel of its own, so the coda before it is first reduced: 맛없다 = 마덥다. */
const INDEPENDENT_VOWEL: Seam =
  /(맛|멋|끝|뜻|빛|낯|꽃)없|(젖)어미|(값)(?:어치|없)|(첫)(?:인상|아|애|음)|(겉|홑|속|헛)(?:옷|웃)|(웃|윗)어른|(못)(?:오|와|왔|올|온|알|아)/g;

/** Nouns (and their derivatives) that keep h after k, t, p though 하, 해, 한, 할, 함 or 합 may be a verb's. */
const NOUN_H: Seam =
  /(축)하|(북)한|(역)할|(박)[하해]|([집복결접백])합|(종|융)합|(첫)해|(육|곡)해|(악)한|(국)한(?=반|문)|([혹극])한|(?<!승)(낙)하|^(각)하/g;

/** What a word must hold for any of these to be in it: most hold none, and need no further look. */
const HALVES =
  /[알물통기화복한루안]약|[가-힣]잎|[학한첫늦열물른흔쉰순백천불신존]여|행열|색연|[막절장]염|[업습]용|분율|밤윷|설익|들유|[솜홑겹핫담]이|[담눈]요|[콩물]엿|[용발등]유|[울산남촌]역|[열물앞뒷옛볼할별막밭안한들큰삯헛]일|[옛뒷앞]이|맨입|[못]|갯잇|[맛멋값]|[끝뜻빛낯꽃]없|젖어|첫|[겉홑속헛][옷웃]|[웃윗]어|[축박][하해]|북한|역할|[집복결접백]합|[육곡]해|악한|국한|[혹극]한|낙하|^각하/;

export interface LexicalSounds {
  /** Indices of syllables that get ㄴ for their silent onset. */
  readonly insertedN: ReadonlySet<number>;
  /** Indices of syllables whose vowel does not draw the coda before it over unreduced. */
  readonly independent: ReadonlySet<number>;
  /** Indices of syllables whose ㅎ is kept after a stop. */
  readonly keptH: ReadonlySet<number>;
}

const NO_SYLLABLES: ReadonlySet<number> = new Set();
const NONE: LexicalSounds = { insertedN: NO_SYLLABLES, independent: NO_SYLLABLES, keptH: NO_SYLLABLES };

/** The word-bound sounds of one word of Hangul; indices are of its syllables. */
export function lexicalSounds(word: string): LexicalSounds {
  if (word.length < 2 || !HALVES.test(word)) return NONE;
  return {
    insertedN: seamsIn(word, INSERTED_N),
    independent: seamsIn(word, INDEPENDENT_VOWEL),
    keptH: seamsIn(word, NOUN_H),
  };
}

function seamsIn(word: string, seam: Seam): ReadonlySet<number> {
  const found = new Set<number>();
  for (const match of word.matchAll(seam)) {
    const firstHalf = match.slice(1).find((group) => group !== undefined) ?? '';
    found.add(match.index + firstHalf.length);
  }
  return found;
}
