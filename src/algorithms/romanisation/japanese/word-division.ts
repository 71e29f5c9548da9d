import type { Morpheme } from './morpheme.ts';
import { standaloneReading } from './standalone-readings.ts';

/**
 * Verbs that often make one word with the verb before them (零れ落ちる), though the dictionary has them as words
 * of their own. (Any other stem before a verb ends a clause: 手を繋ぎ 歩く.)
 */
const SECOND_VERBS: ReadonlySet<string> = new Set(
  'かける 落ちる 落とす 着く 去る 上げる 上がる 下がる 下ろす 降りる 抜く 抜ける 渡る 巡る 回る 返す 返る 戻す 戻る 取る 直す 散る 散らす 崩れる 乱れる 積もる 狂う 尽くす 果てる 明かす 過ごす'.split(
    ' ',
  ),
);

/**
 * Whether a line's morpheme `index` is written together with the one before it. Words stand apart, particles stand
 * apart; endings, auxiliaries and affixes are joined to what they inflect: `kimi no`, `tabemashita`,
 * `omise`, `bokutachi`. (The divisions of the ALA-LC table for Japanese, but for its hyphens.)
 */
export function joinsPrevious(morphemes: readonly Morpheme[], index: number): boolean {
  const [previous, morpheme] = [morphemes[index - 1], morphemes[index]];
  if (previous === undefined || morpheme === undefined) return false;
  // い た ん だ, which the analyser takes for 傷んだ.
  if (previous.surface === 'いたん') return false;
  // 誰か, どこか.
  if (morpheme.surface === 'か' && /^(誰|だれ|何|どこ|何処|いつ|何時|どれ)$/.test(previous.surface))
    return true;
  // 一握り.
  if (previous.surface === '一' && previous.kana === 'ヒト') return true;
  const [after, after2] = [morphemes[index + 1], morphemes[index + 2]];
  // 連れてって, but 待って って 言う; 泣いた って 聞く, but 泣いたって いい.
  if (morpheme.surface === 'っ' && morpheme.base === 'く') return !isSaid(after2);
  if (previous.surface === 'っ' && previous.base === 'く') return true;
  if (morpheme.surface === 'って' && /^[ただ]$/.test(previous.surface) && previous.pos === '助動詞') {
    return after?.kana !== undefined && !isSaid(after);
  }
  if (previous.kana?.endsWith('ッ') === true) return true;
  if (previous.pos === '接頭詞') return true;
  // 読ん だり, 泣い ちゃう, 転ん だって: what follows this stem is always its ending.
  if (previous.conjugatedForm === '連用タ接続' && /^[たてだでちじと]/.test(morpheme.surface)) return true;
  if (joinsContraction(previous, morpheme)) return true;
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
      if (morpheme.detail1 === '接尾') return joinsSuffix(previous, morpheme, after);
      // 飲み かけ, 出来 立て.
      if (morpheme.detail1 === '非自立' && /^(かけ|掛け|たて|立て)$/.test(morpheme.surface)) {
        return previous.conjugatedForm === '連用形';
      }
      // 十一, and counters that the dictionary takes for nouns after a digit: 3月.
      return (
        previous.detail1 === '数' && (morpheme.detail1 === '数' || /^[月日年人]$/.test(morpheme.surface))
      );
    default:
      return false;
  }
}

/** Whether a word follows that takes what was said before it: 言う, 聞いた, こと. */
function isSaid(word: Morpheme | undefined): boolean {
  return /^([言聞思話噂信知頼願叫分]|気[付づ]|い[うっわ]|きい|わか|こと|事|本当)/.test(word?.surface ?? '');
}

function inflects(morpheme: Morpheme): boolean {
  return morpheme.pos === '動詞' || morpheme.pos === '形容詞' || morpheme.pos === '助動詞';
}

function joinsAuxiliary(previous: Morpheme, auxiliary: Morpheme): boolean {
  if (!inflects(previous)) return false;
  // The copula and what is said of a whole clause are words of their own: 好き だ, 行く でしょう, 来る らしい.
  if (/^(だ|です|らしい|みたい|じゃ|じゃん|べし|や)$/.test(auxiliary.base)) {
    return previous.base === auxiliary.base;
  }
  // ない after the copula's で or じゃ denies a noun: 夢 で ない.
  if (auxiliary.base === 'ない') return !(previous.base === 'だ' && previous.pos === '助動詞');
  return true;
}

/** Suffixes are joined, but for words that are suffixes by their place alone. */
function joinsSuffix(previous: Morpheme, suffix: Morpheme, after: Morpheme | undefined): boolean {
  if (standaloneReading(suffix, previous) !== undefined) return false;
  // 君 read kimi is no title; 三年 前, 百年 先.
  if (/^(キミ|マエ|サキ)$/.test(suffix.kana ?? '')) return false;
  // 強さ and 静かさ が, but 終わり さ and 平気 さ: the particle.
  if (suffix.surface === 'さ') {
    return previous.pos === '形容詞' || (after?.pos === '助詞' && after.detail1 !== '終助詞');
  }
  return true;
}

/** わかん ない, 諦め らん ない, 飛んで け, 置いて か ない, これ っきり: endings that the analyser takes for words. */
function joinsContraction(previous: Morpheme, morpheme: Morpheme): boolean {
  switch (morpheme.surface) {
    case 'ない':
      return previous.surface === 'らん' || (previous.surface === 'ん' && previous.pos === '助動詞');
    case 'らん':
      return previous.pos === '動詞';
    case 'け':
      return /^[てで]$/.test(previous.surface);
    case 'っきり':
      return true;
    default:
      return morpheme.base === 'く' && morpheme.pos === '動詞' && /^[てで]$/.test(previous.surface);
  }
}

function joinsParticle(previous: Morpheme, particle: Morpheme): boolean {
  if (!inflects(previous)) return false;
  // 行かない で.
  if (particle.surface === 'で') return particle.detail1 === '接続助詞' || previous.base === 'ない';
  if (particle.detail1 === '並立助詞') return /^[ただ]り$/.test(particle.surface);
  return particle.detail1 === '接続助詞' && /^(て|ば|ちゃ|じゃ|ながら|つつ|ど)$/.test(particle.surface);
}

function joinsVerb(previous: Morpheme, verb: Morpheme): boolean {
  if (verb.detail1 === '接尾') return true;
  // 恋する as 愛する, which the dictionary has.
  if (verb.base === 'する' && previous.surface === '恋') return true;
  const uponStem = inflects(previous) && /^(連用形|ガル接続)$/.test(previous.conjugatedForm);
  if (uponStem && SECOND_VERBS.has(verb.base)) return true;
  if (verb.detail1 !== '非自立') return false;
  // Contractions of て + verb (見てる, しちゃう, 置いとく, 歩いてく), and verbs upon a verb's stem (走り続ける).
  if (/^(て|で|ちゃ|じゃ|ちま|じま|と|ど|た|だ)/.test(verb.surface)) return inflects(previous);
  // Upon a verb's stem (走り続ける) or an adjective's (長すぎる).
  return uponStem && previous.pos !== '助動詞';
}
