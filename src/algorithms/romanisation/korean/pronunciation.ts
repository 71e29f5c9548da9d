/**
 * Standard pronunciation of Korean (표준 발음법, National Institute of Korean Language), as far as the
 * Revised Romanization shows it: linking, assimilation, palatalisation, aspiration, reduced codas.
 * Tensed consonants are not shown by it and so not worked out.
 */
import { type LexicalSounds, lexicalSounds } from './lexical-sounds.ts';
import { decompose, type Syllable } from './syllable.ts';

/** What a coda is reduced to before a consonant or at a word's end (articles 8 to 11). */
const REDUCED: ReadonlyMap<string, string> = new Map(
  [
    ['ㄱ', 'ㄱㄲㅋㄳㄺ'],
    ['ㄴ', 'ㄴㄵㄶ'],
    ['ㄷ', 'ㄷㅅㅆㅈㅊㅌㅎ'],
    ['ㄹ', 'ㄹㄼㄽㄾㅀ'],
    ['ㅁ', 'ㅁㄻ'],
    ['ㅂ', 'ㅂㅍㅄㄿ'],
    ['ㅇ', 'ㅇ'],
  ].flatMap(([reduced = '', codas = '']) => [...codas].map((coda) => [coda, reduced] as const)),
);

/** Clusters as what stays and what moves to a vowel that follows (article 14). */
const CLUSTERS: ReadonlyMap<string, readonly [string, string]> = new Map(
  Object.entries({
    ㄳ: ['ㄱ', 'ㅅ'],
    ㄵ: ['ㄴ', 'ㅈ'],
    ㄺ: ['ㄹ', 'ㄱ'],
    ㄻ: ['ㄹ', 'ㅁ'],
    ㄼ: ['ㄹ', 'ㅂ'],
    ㄽ: ['ㄹ', 'ㅅ'],
    ㄾ: ['ㄹ', 'ㅌ'],
    ㄿ: ['ㄹ', 'ㅍ'],
    ㅄ: ['ㅂ', 'ㅅ'],
  } as const),
);

/** What is left of a coda with ㅎ once the ㅎ is gone. */
const WITHOUT_H: ReadonlyMap<string, string> = new Map([
  ['ㅎ', ''],
  ['ㄶ', 'ㄴ'],
  ['ㅀ', 'ㄹ'],
]);
const ASPIRATED: ReadonlyMap<string, string> = new Map(
  Object.entries({ ㄱ: 'ㅋ', ㄷ: 'ㅌ', ㅂ: 'ㅍ', ㅈ: 'ㅊ' }),
);
const NASAL: ReadonlyMap<string, string> = new Map(Object.entries({ ㄱ: 'ㅇ', ㄷ: 'ㄴ', ㅂ: 'ㅁ' }));

/**
 * Sino-Korean endings of words of two syllables or more, which keep n before their l as n-n (article 20): 생산+량. Not
 * so where both syllables are one word of their own, as in 성지+순례.
 */
const NN_ENDINGS = /^(?:.[란량력론로료례류]|원령)$/;
const WORDS_OF_TWO = /^(?:[혼찬곤]란|순례|권력|[인전]류|언론|[진난]로|[관진연]료)$/;
const AUTHORITY = '공권력';

/**
 * The syllables of one word (Hangul alone, no spaces) as they are pronounced: every coda is empty or one
 * of ㄱㄴㄷㄹㅁㅂㅇ, and `ㅇ` as an onset is silent.
 */
export function pronounce(word: string): Syllable[] {
  const syllables = [...word].map(decompose);
  const lexical = lexicalSounds(word);
  for (const [index, syllable] of syllables.entries()) {
    const next = syllables[index + 1];
    if (next === undefined) syllable.coda = reduce(syllable.coda, word.charAt(index));
    else if (syllable.coda !== '') meet(syllable, next, index, word, lexical);
  }
  return syllables;
}

/** Works out what becomes of a coda and the onset it meets. */
function meet(syllable: Syllable, next: Syllable, index: number, word: string, lexical: LexicalSounds): void {
  if (lexical.insertedN.has(index + 1) && next.onset === 'ㅇ') next.onset = 'ㄴ';
  if (WITHOUT_H.has(syllable.coda) && meetH(syllable, next)) return;
  if (next.onset === 'ㅎ' && aspirate(syllable, next, word.charAt(index + 1), lexical.keptH.has(index + 1)))
    return;
  if (next.onset === 'ㅇ') {
    if (lexical.independent.has(index + 1)) {
      next.onset = reduce(syllable.coda, word.charAt(index));
      syllable.coda = '';
    } else link(syllable, next);
    return;
  }
  // ㄺ of a verb keeps its ㄹ before ㄱ: 읽고, 맑게; a noun's does not: 닭과 (article 11).
  const verbStem = syllable.coda === 'ㄺ' && next.onset === 'ㄱ' && !/[닭흙칡]/.test(word.charAt(index));
  syllable.coda = verbStem ? 'ㄹ' : reduce(syllable.coda, word.charAt(index), next);
  assimilate(syllable, next, index, word);
}

/** A coda's ㅎ: aspirates ㄱ, ㄷ, ㅈ; is silent before a vowel and ㅅ; is otherwise reduced. True when done. */
function meetH(syllable: Syllable, next: Syllable): boolean {
  const rest = WITHOUT_H.get(syllable.coda) ?? '';
  const aspirated = next.onset === 'ㅂ' ? undefined : ASPIRATED.get(next.onset);
  if (aspirated !== undefined) {
    syllable.coda = rest;
    next.onset = aspirated;
    return true;
  }
  if (next.onset === 'ㅇ') {
    syllable.coda = rest;
    link(syllable, next);
    return true;
  }
  if (next.onset === 'ㅅ' || next.onset === 'ㅎ') {
    syllable.coda = rest;
    return true;
  }
  return false;
}

/** An onset ㅎ after a stop: one aspirate in verbs, both letters in nouns. True when they became one. */
function aspirate(syllable: Syllable, next: Syllable, nextCharacter: string, isNoun: boolean): boolean {
  const { coda } = syllable;
  const [stays, moves] = CLUSTERS.get(coda) ?? ['', coda];
  const palatal = moves === 'ㅈ';
  const verbal = /^[하해했한할함합히혀혔힌힐힘힙]$/.test(nextCharacter);
  if (!palatal && (!verbal || isNoun)) return false;
  const stop = palatal ? 'ㅈ' : (REDUCED.get(/[ㅄㄳ]/.test(coda) ? coda : moves) ?? '');
  const aspirated = ASPIRATED.get(stop);
  if (aspirated === undefined) return false;
  syllable.coda = coda === 'ㅄ' || coda === 'ㄳ' ? '' : stays;
  // 닫히다, 묻혀: the aspirate becomes ch before i (article 17).
  next.onset = moves === 'ㄷ' && /^[ㅣㅕ]$/.test(next.vowel) ? 'ㅊ' : aspirated;
  return true;
}

/** A coda moves over to a silent onset (articles 13, 14), ㄷ and ㅌ before i as ㅈ and ㅊ (article 17). */
function link(syllable: Syllable, next: Syllable): void {
  const { coda } = syllable;
  if (coda === '' || coda === 'ㅇ') return;
  const [stays, moves] = CLUSTERS.get(coda) ?? ['', coda];
  syllable.coda = stays;
  if (next.vowel === 'ㅣ' && moves === 'ㄷ') next.onset = 'ㅈ';
  else if ((next.vowel === 'ㅣ' || next.vowel === 'ㅕ') && moves === 'ㅌ') next.onset = 'ㅊ';
  else next.onset = moves;
}

function reduce(coda: string, character: string, next?: Syllable): string {
  // 밟- before every consonant, 넓- in 넓죽하다 and 넓둥글다 (article 10).
  if (coda === 'ㄼ' && next !== undefined) {
    const wide = character === '넓' && /[ㅈㄷ]/.test(next.onset) && next.vowel === 'ㅜ';
    if (character === '밟' || wide) return 'ㅂ';
  }
  return REDUCED.get(coda) ?? coda;
}

/** Nasals and liquids (articles 18 to 20) between a reduced coda and a consonant. */
function assimilate(syllable: Syllable, next: Syllable, index: number, word: string): void {
  const nasal = NASAL.get(syllable.coda);
  if (nasal !== undefined && /[ㄴㅁㄹ]/.test(next.onset)) {
    syllable.coda = nasal;
    if (next.onset === 'ㄹ') next.onset = 'ㄴ';
  } else if (/[ㅁㅇ]/.test(syllable.coda) && next.onset === 'ㄹ') {
    next.onset = 'ㄴ';
  } else if (syllable.coda === 'ㄹ' && next.onset === 'ㄴ') {
    next.onset = 'ㄹ';
  } else if (syllable.coda === 'ㄴ' && next.onset === 'ㄹ') {
    if (index >= 1 && keepsN(word, index)) next.onset = 'ㄴ';
    else syllable.coda = 'ㄹ';
  }
}

function keepsN(word: string, index: number): boolean {
  const meeting = word.slice(index, index + 2);
  if (!NN_ENDINGS.test(meeting)) return false;
  return !WORDS_OF_TWO.test(meeting) || word.startsWith(AUTHORITY, index - 1);
}
