/**
 * Which language a song, and each of its lines, is in: from the manifest's BCP 47 tag and from scripts.
 */
import { TrackFailure } from '../../failures.ts';
import { languageTag, withoutMacrolanguage } from '../../language-tag.ts';
import { isChineseLine } from './chinese-lines.ts';

/** The languages that are romanised, as BCP 47 primary languages. */
export type Language = 'ja' | 'yue' | 'ko' | 'zh';

const LANGUAGES: ReadonlySet<string> = new Set<Language>(['ja', 'yue', 'ko', 'zh']);

/** Regions where a song tagged plain Chinese is sung in Cantonese. */
const CANTONESE_REGIONS: ReadonlySet<string> = new Set(['HK', 'MO']);

/** Tags that say "find out": undetermined, several languages, not coded. */
const UNDETERMINED: ReadonlySet<string> = new Set(['und', 'mul', 'mis']);

/** ISO 639-2 bibliographic codes and old names that canonicalisation leaves. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['chi', 'zh'],
  ['cmn', 'zh'],
  ['jp', 'ja'],
  ['kr', 'ko'],
]);

/**
 * The language a tag asks for; undefined where the text must tell (`und`, `mul`, no tag).
 * `zh-HK`, `zh-Hant-HK` and `zh-MO` are Cantonese; every other `zh`, and `cmn`, is Mandarin.
 *
 * @throws TrackFailure `language-unsupported` for any other language and for what is no tag.
 */
export function languageOfTag(tag: string | undefined): Language | undefined {
  if (tag !== undefined && isLanguage(tag)) return tag;
  if (tag === undefined || tag.trim() === '') return undefined;
  const stated = languageTag(tag);
  if (stated === undefined) {
    throw new TrackFailure('language-unsupported', `"${tag}" is no BCP 47 language tag`);
  }
  const wanted = withoutMacrolanguage(stated);
  if (UNDETERMINED.has(wanted)) return undefined;
  const locale = localeOf(wanted);
  if (locale === undefined) throw unsupported(tag);
  // The engine gives no language at all for und-Hant, though its types say that it does.
  const primary = (locale.language as string | undefined) ?? 'und';
  if (UNDETERMINED.has(primary)) return undefined;
  const language = ALIASES.get(primary) ?? primary;
  // A dialect said as well as its region decides: cmn-HK is Mandarin.
  const plainChinese = language === 'zh' && !/^cmn\b/i.test(wanted);
  if (plainChinese && CANTONESE_REGIONS.has(locale.region ?? '')) return 'yue';
  if (isLanguage(language)) return language;
  throw unsupported(tag);
}

function unsupported(tag: string): TrackFailure {
  return new TrackFailure(
    'language-unsupported',
    `language "${tag}" is not romanised; ja, yue, ko and zh are (und to detect)`,
  );
}

/** Undefined for what is a tag, but of no language that Intl knows: private use, and the like. */
function localeOf(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch {
    return undefined;
  }
}

function isLanguage(language: string): language is Language {
  return LANGUAGES.has(language);
}

const HANGUL = /\p{sc=Hangul}/u;
const KANA = /[\p{sc=Hiragana}\p{sc=Katakana}]/u;
const HAN = /\p{sc=Han}/u;

/** Characters of written Cantonese that standard Chinese does without. */
const CANTONESE = /[唔佢嘅喺咗嚟咁啲冇嘢哋乜瞓攞嗰噉諗喎囉啩嘥嬲攰㗎冧惗]/u;

/** What a line's characters say of its language: one hangul or kana says more than many Han characters. */
export type Script = 'hangul' | 'kana' | 'han' | 'none';

/** Scripts that a text holds, as bits. の stands apart: Chinese songs write it for 的. */
const HOLDS = { hangul: 1, kana: 2, han: 4, no: 8 } as const;
/** Set for a character that was looked up, whatever it is. */
const SEEN = 16;

/** The bits of each UTF-16 unit that has come up so far: a regular expression a line took longer than the rest. */
const SCRIPTS: Uint8Array = new Uint8Array(0x10000);

function scriptsOf(text: string): number {
  let scripts = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const known = SCRIPTS[unit] as number;
    scripts |= known === 0 ? lookUp(text, index) : known;
  }
  return scripts;
}

function lookUp(text: string, index: number): number {
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
  let scripts = SEEN;
  if (HANGUL.test(character)) scripts |= HOLDS.hangul;
  if (KANA.test(character)) scripts |= character === 'の' ? HOLDS.no : HOLDS.kana;
  if (HAN.test(character)) scripts |= HOLDS.han;
  // A surrogate is one half of many characters.
  if (character.length === 1) SCRIPTS[character.charCodeAt(0)] = scripts;
  return scripts;
}

/** The script that decides; の alone is no Japanese beside Han characters. */
export function scriptOf(text: string): Script {
  return decisive(scriptsOf(text));
}

function decisive(scripts: number): Script {
  if ((scripts & HOLDS.hangul) !== 0) return 'hangul';
  const han = (scripts & HOLDS.han) !== 0;
  if ((scripts & HOLDS.kana) !== 0 || (!han && (scripts & HOLDS.no) !== 0)) return 'kana';
  return han ? 'han' : 'none';
}

/** What a song's lines say of the languages in it. */
export interface SongLanguages {
  /** The song's own: declared, or that of most of its lines. */
  readonly song: Language;
  /** What a line of Han characters is in when nothing in it says Chinese: of `ja`, `zh`, `yue`. */
  readonly han: Exclude<Language, 'ko'>;
  /** Which Chinese a line of Chinese is in. */
  readonly chinese: 'zh' | 'yue';
}

/**
 * Weighs a song's lines. Kana is Japanese, hangul Korean; a line of Han characters alone is Japanese in a
 * song with kana unless it holds Chinese words; Chinese is Cantonese where a tenth of its lines hold
 * characters of written Cantonese. (Cantopop in standard written Chinese looks like Mandarin: only a tag
 * can tell.)
 *
 * @param lines one text for each line of the song, translations left out.
 * @param declared the manifest's language, which always wins for the song as a whole.
 * @throws TrackFailure `language-unsupported`: nothing declared, and no line in any of the four languages.
 */
export function songLanguages(lines: readonly string[], declared: Language | undefined): SongLanguages {
  // Nothing that its lines hold could change a song in Chinese.
  if (declared === 'zh' || declared === 'yue') return { song: declared, han: declared, chinese: declared };
  const count = { hangul: 0, kana: 0, han: 0, none: 0 };
  let chineseLines = 0;
  let cantoneseLines = 0;
  for (const line of lines) {
    const script = scriptOf(line);
    count[script]++;
    if (script !== 'han') continue;
    const cantonese = CANTONESE.test(line);
    if (cantonese) cantoneseLines++;
    if (cantonese || isChineseLine(line)) chineseLines++;
  }
  const chinese = cantoneseLines * 10 >= Math.max(1, count.han) ? 'yue' : 'zh';
  const song = declared ?? mostLines(count, chineseLines, chinese);
  if (song === undefined) {
    throw new TrackFailure(
      'language-unsupported',
      'no line is in Japanese, Chinese or Korean; name the language in the manifest if one is',
    );
  }
  const han = song === 'ja' || (song === 'ko' && count.kana > 0) ? 'ja' : chinese;
  return { song, han, chinese };
}

function mostLines(
  count: Readonly<Record<Script, number>>,
  chineseLines: number,
  chinese: 'zh' | 'yue',
): Language | undefined {
  const undecided = count.han - chineseLines;
  const japanese = count.kana === 0 ? 0 : count.kana + (count.kana >= chineseLines ? undecided : 0);
  const sinitic = count.han - (japanese > count.kana ? undecided : 0);
  const most = Math.max(japanese, sinitic, count.hangul);
  if (most === 0) return undefined;
  if (most === count.hangul) return 'ko';
  return most === japanese ? 'ja' : chinese;
}

/** The language of one line of a song; undefined where it is in none (Latin text, punctuation, silence). */
export function lineLanguage(text: string, languages: SongLanguages): Language | undefined {
  return languageIn(scriptOf(text), text, languages);
}

function languageIn(script: Script, text: string, languages: SongLanguages): Language | undefined {
  switch (script) {
    case 'hangul':
      return 'ko';
    case 'kana':
      return 'ja';
    case 'han':
      return languages.han === 'ja' && isChineseLine(text) ? languages.chinese : languages.han;
    case 'none':
      return undefined;
  }
}

/** A stretch of a line in one language. */
export interface LanguageRun {
  readonly text: string;
  /** UTF-16 index in the line. */
  readonly start: number;
  readonly language: Language | undefined;
}

const HANGUL_RUNS = /[\p{sc=Hangul}][\p{sc=Hangul}\s]*|[^\p{sc=Hangul}]+/gu;

/** Splits a line where Korean meets Japanese or Chinese; most lines are one run. */
export function languageRuns(text: string, languages: SongLanguages): LanguageRun[] {
  const scripts = scriptsOf(text);
  if ((scripts & HOLDS.hangul) === 0 || (scripts & (HOLDS.han | HOLDS.kana | HOLDS.no)) === 0) {
    return [{ text, start: 0, language: languageIn(decisive(scripts), text, languages) }];
  }
  return [...text.matchAll(HANGUL_RUNS)].map((match) => ({
    text: match[0],
    start: match.index,
    language: lineLanguage(match[0], languages),
  }));
}
