/** The one reading of language tags: of manifests, of the command line, and of the algorithms that go by them. */

/** What is said of a tag that is none. */
export const LANGUAGE_TAG_EXPECTED = 'a BCP 47 tag such as ja or zh-HK is expected';

/** Macrolanguages of the extended languages in IANA's registry (RFC 5646, section 2.2.2): `zh-yue` is `yue`. */
const EXTENDED = /^(?:ar|kok|lv|ms|sgn|sw|uz|zh)-(?=[a-z]{3}(?:-|$))/i;
/** Private use, and tags from before there were rules: RFC 5646, section 2.1. Intl knows neither. */
const IRREGULAR = /^(?:x|i)(?:-[a-z0-9]{1,8})+$|^(?:zh-min(?:-nan)?|zh-guoyu|zh-hakka|zh-xiang|art-lojban)$/i;

/**
 * A BCP 47 tag in its usual spelling (`zh-Hant-HK`), whatever its case and with underscores for dashes, as POSIX and
 * ICU write it; undefined where the text is none. What a tag means is left as it is: `cmn` does not become `zh`.
 */
export function languageTag(text: string): string | undefined {
  const tag = text.trim().replaceAll('_', '-');
  if (IRREGULAR.test(tag)) return tag.toLowerCase();
  try {
    void new Intl.Locale(withoutMacrolanguage(tag));
  } catch {
    return undefined;
  }
  return tag.split('-').map(spelt).join('-');
}

/** A tag whose extended language stands for itself (RFC 5646, section 4.5). */
export function withoutMacrolanguage(tag: string): string {
  return tag.replace(EXTENDED, '');
}

/** The convention of RFC 5646, section 2.1.1. (Behind a singleton, as in `x-a-bcde`, all is lower case.) */
function spelt(subtag: string, index: number, all: readonly string[]): string {
  const lower = subtag.toLowerCase();
  const isBehindSingleton = all.slice(0, index).some((earlier) => earlier.length === 1);
  if (index === 0 || isBehindSingleton || !/^[a-z]+$/.test(lower)) return lower;
  if (lower.length === 2) return lower.toUpperCase();
  return lower.length === 4 ? `${lower.charAt(0).toUpperCase()}${lower.slice(1)}` : lower;
}
