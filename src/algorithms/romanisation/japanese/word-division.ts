import type { Morpheme } from './morpheme.ts';

/**
 * Whether a morpheme is written together with the one before it. Words stand apart, particles stand
 * apart; endings, auxiliaries and affixes are joined to what they inflect: `kimi no`, `tabemashita`,
 * `omise`, `bokutachi`. (The divisions of the ALA-LC table for Japanese, but for its hyphens.)
 */
export function joinsPrevious(previous: Morpheme, morpheme: Morpheme): boolean {
  if (previous.kana?.endsWith('ッ') === true) return true;
  if (previous.pos === '接頭詞') return true;
  switch (morpheme.pos) {
    case '助動詞':
      return joinsAuxiliary(previous, morpheme);
    case '助詞':
      return joinsParticle(previous, morpheme);
    case '動詞':
      return joinsVerb(previous, morpheme);
    case '形容詞':
      // 分かりやすい: the adjectives that only follow a verb's stem.
      return morpheme.detail1 !== '自立' && previous.pos === '動詞' && previous.conjugatedForm === '連用形';
    case '名詞':
      // 君 read kimi is no title.
      if (morpheme.detail1 === '接尾') return morpheme.kana !== 'キミ';
      // 十一, and counters that the dictionary takes for nouns after a digit: 3月.
      return (
        previous.detail1 === '数' && (morpheme.detail1 === '数' || /^[月日年人]$/.test(morpheme.surface))
      );
    default:
      return false;
  }
}

function inflects(morpheme: Morpheme): boolean {
  return morpheme.pos === '動詞' || morpheme.pos === '形容詞' || morpheme.pos === '助動詞';
}

function joinsAuxiliary(previous: Morpheme, auxiliary: Morpheme): boolean {
  if (!inflects(previous)) return false;
  // The copula and what is said of a whole clause are words of their own: 好き だ, 行く でしょう, 来る らしい.
  if (/^(だ|です|らしい|みたい|じゃ|べし|や)$/.test(auxiliary.base)) {
    return previous.base === auxiliary.base;
  }
  // ない after the copula's で or じゃ denies a noun: 夢 で ない.
  if (auxiliary.base === 'ない') return !(previous.base === 'だ' && previous.pos === '助動詞');
  return true;
}

function joinsParticle(previous: Morpheme, particle: Morpheme): boolean {
  if (particle.detail1 !== '接続助詞') return false;
  return inflects(previous) && /^(て|で|ば|ちゃ|じゃ|たり|だり|ながら|つつ|ど)$/.test(particle.surface);
}

function joinsVerb(previous: Morpheme, verb: Morpheme): boolean {
  if (verb.detail1 === '接尾') return true;
  if (verb.detail1 !== '非自立') return false;
  // Contractions of て + verb (見てる, しちゃう, 置いとく, 歩いてく), and verbs upon a verb's stem (走り続ける).
  if (/^(て|で|ちゃ|じゃ|ちま|じま|と|ど|た|だ)/.test(verb.surface)) return inflects(previous);
  return previous.pos === '動詞' && previous.conjugatedForm === '連用形';
}
