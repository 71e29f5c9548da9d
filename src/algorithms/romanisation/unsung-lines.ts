/**
 * Lines of a lyrics file that are not sung: credits, notes that there is nothing to sing, and translations. They stay as
 * they are, and say nothing of the song's language.
 */
import { type Language, type Script, scriptOf } from './language.ts';
import type { LrcEntry } from '../lyrics/lrc.ts';

type LyricsLine = Extract<LrcEntry, { kind: 'line' }>;

/** Who did what, as lyrics services put it before a colon at the head of a file: `作词 : 周杰伦`, `작곡: …`, `編曲：…`. */
const ROLES = [
  '作?[词詞]曲?|[作编編]?曲|[作填]?[词詞][人者]?|作詞・?作曲|[词詞]\\s*[/／]\\s*曲|曲\\s*[/／]\\s*[词詞]',
  '(?:[总總联聯]?合?)?(?:制作|製作|监制|監製|出品|策划|策劃|企[划劃]|统筹|統籌|发行|發行|推广|推廣|营销|宣发)(?:人|公司|方)?',
  '(?:录音|錄音|混音|母带|母帶|和[声聲音]|配唱|编写|編寫|弦乐|弦樂|人[声聲])(?:[编編]写|[编編]寫|制作|製作|工程)?[师師室棚]?(?:助理)?',
  '吉他|[贝貝]斯|鼓手?|[键鍵][盘盤]|[钢鋼]琴|小提琴|大提琴|二胡|笛子|演唱|原唱|翻唱|歌手|[专專][辑輯]|歌名|[译譯][词詞者]?|翻[译譯]|[歌曲]*(?:版权|OP|SP)',
  '歌|唄|[编編][曲配]|作詞作曲|ストリングス|ギター|ベース|ドラム|ピアノ|コーラス',
  '(?:lyric(?:s|ist)|words|music|compose[rd]|written|arrange[rd]|arrangement|produce[rd]|vocals?|mix(?:ed|ing)|master(?:ed|ing))(?: by| engineer)?',
  '작사|작곡|편곡|노래|작사\\s*[/,]\\s*작곡|프로듀서',
].join('|');
/** The role in English, in brackets or not: words with spaces between them, so that blanks can be matched in one way. */
const IN_ENGLISH = '(?:\\( *)?[A-Za-z./&]+(?: +[A-Za-z./&]+)*(?: *\\))?\\s*';
const CREDIT = new RegExp(`^(?:${ROLES})\\s*(?:${IN_ENGLISH})?[:：]`, 'i');

/** What services put where an instrumental has no words. */
const NOTHING_TO_SING =
  /^(?:纯音乐|純音樂|此歌曲为没有填词的纯音乐|暂无歌词|暫無歌詞|该歌曲暂无歌词)[，,。\s]*(?:请|請)?(?:您|你)?(?:欣赏|欣賞)?[。.!！]?$/;

/** Few lines hold any of these, and the others are looked at no further. */
const MAY_BE_NOTE = /[:：]|^[纯純暂暫该該此]/;

/** Credits and notes of a service, by the line alone. */
export function isNote(text: string): boolean {
  return MAY_BE_NOTE.test(text) && (CREDIT.test(text) || NOTHING_TO_SING.test(text));
}

/** With fewer pairs than this a habit of the file is not seen. */
const LEAST_PAIRS = 3;

interface Pair {
  readonly first: LyricsLine;
  readonly second: LyricsLine;
}

/** The lines that are not sung: credits, notes and translations. */
export function findUnsung(
  lines: readonly LyricsLine[],
  declared: Language | undefined,
): ReadonlySet<LyricsLine> {
  const unsung = new Set(lines.filter(({ text }) => isNote(text)));
  const words = unsung.size === 0 ? lines : lines.filter((line) => !unsung.has(line));
  for (const line of findTranslations(words, declared)) unsung.add(line);
  return unsung;
}

/**
 * Lines that share their times with a line in another script: translations (the way of lyrics sites, and of players
 * that merge the two files of a service). Chinese under Japanese or Korean is one wherever it comes. Others are seen as
 * the file's habit, from three pairs on that are most of their kind: Chinese above Japanese or Korean, Korean with
 * Japanese, Chinese under Latin text (a song in English), Japanese or Korean under Chinese that is declared.
 *
 * @param lines without notes.
 */
function findTranslations(
  lines: readonly LyricsLine[],
  declared: Language | undefined,
): ReadonlySet<LyricsLine> {
  const translations = new Set<LyricsLine>();
  const habits = new Map<string, LyricsLine[]>();
  const pairs = pairsByTime(lines);
  for (const pair of pairs) {
    const scripts = [scriptOf(pair.first.text), scriptOf(pair.second.text)] as const;
    const translation = translationOf(pair, scripts, declared);
    if (translation === undefined) continue;
    if (translation === pair.second && scripts[0] !== 'none' && scripts[1] === 'han')
      translations.add(translation);
    else {
      const habit = habits.get(scripts.join()) ?? [];
      habit.push(translation);
      habits.set(scripts.join(), habit);
    }
  }
  for (const habit of habits.values()) {
    const script = scriptOf(habit[0]?.text ?? '');
    const ofItsKind = lines.filter((line) => scriptOf(line.text) === script && !translations.has(line));
    if (habit.length >= LEAST_PAIRS && habit.length * 2 > ofItsKind.length) {
      for (const line of habit) translations.add(line);
    }
  }
  addHan(pairs, translations);
  return translations;
}

/** 夜空の星 over 夜空的星 are both Han: in a file with that habit the one is the other's translation. */
function addHan(pairs: readonly Pair[], translations: Set<LyricsLine>): void {
  const isHan = ({ text }: LyricsLine): boolean => scriptOf(text) === 'han';
  for (const side of ['first', 'second'] as const) {
    const found = pairs.filter((pair) => translations.has(pair[side]) && isHan(pair[side]));
    if (found.length < LEAST_PAIRS) continue;
    for (const pair of pairs) {
      if (pair.first.text !== pair.second.text && isHan(pair.first) && isHan(pair.second))
        translations.add(pair[side]);
    }
  }
}

/** Which line of a pair may be the translation; undefined where both may be sung, or one be the other's romanisation. */
function translationOf(
  { first, second }: Pair,
  [above, under]: readonly [Script, Script],
  declared: Language | undefined,
): LyricsLine | undefined {
  if (above === under || under === 'none') return undefined;
  const chinese = declared === 'zh' || declared === 'yue';
  if (under === 'han') return chinese ? undefined : second;
  if (above === 'han') return chinese ? second : first;
  // Japanese with Korean: the first is sung unless the manifest says otherwise.
  if (above !== 'none') return (under === 'kana' ? 'ja' : 'ko') === declared ? first : second;
  return undefined;
}

/** More lines than these at one time (a line, its pronunciation, its translations) are a file that was never timed. */
const MOST_AT_A_TIME = 4;

/** Lines that have all their times in common with an earlier line. */
function pairsByTime(lines: readonly LyricsLine[]): Pair[] {
  if (ascend(lines)) return [];
  const atTime = new Map<number, { readonly first: LyricsLine; lines: number }>();
  const pairs: Pair[] = [];
  for (const line of lines) {
    if (line.text === '') continue;
    const { first } = atTime.get(line.times[0] ?? Number.NaN) ?? {};
    if (first !== undefined && line.times.every((time) => atTime.get(time)?.first === first)) {
      pairs.push({ first, second: line });
    }
    for (const time of line.times) {
      const group = atTime.get(time);
      if (group === undefined) atTime.set(time, { first: line, lines: 1 });
      else group.lines++;
    }
  }
  return pairs.filter(
    ({ second }) => (atTime.get(second.times[0] ?? Number.NaN)?.lines ?? 0) <= MOST_AT_A_TIME,
  );
}

/** Whether each stamp is later than the one before it, as in most files: no two lines share a time then. */
function ascend(lines: readonly LyricsLine[]): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (const { times } of lines) {
    for (const time of times) {
      if (time <= last) return false;
      last = time;
    }
  }
  return true;
}
