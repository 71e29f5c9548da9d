import { TRADITIONAL_AND_SIMPLIFIED } from '../chinese-forms.ts';

/** Forms that kept other words too, and go by what stands beside them. */
const BY_NEIGHBOUR = '著乾甚';

/** The simplified form of each UTF-16 unit; 0 where it has none. A table, as every character is looked up. */
const SIMPLIFIED: Uint16Array = new Uint16Array(0x10000);
for (let i = 0; i < TRADITIONAL_AND_SIMPLIFIED.length; i += 2)
  SIMPLIFIED[TRADITIONAL_AND_SIMPLIFIED.charCodeAt(i)] = TRADITIONAL_AND_SIMPLIFIED.charCodeAt(i + 1);
for (const character of BY_NEIGHBOUR) SIMPLIFIED[character.charCodeAt(0)] = character.charCodeAt(0);

/** A text in simplified characters, as long as the text; the text itself where it is already. */
export function simplify(text: string): string {
  let simplified = '';
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    const form = SIMPLIFIED[text.charCodeAt(i)];
    if (!form) continue;
    simplified += text.slice(copied, i) + String.fromCharCode(form);
    copied = i + 1;
  }
  if (copied === 0) return text;
  return (simplified + text.slice(copied))
    .replace(/(?<![名原显土编论专译遗昭卓所合巨])著(?![名作述书称录有者《])/g, '着')
    .replace(/乾(?![坤隆封宁符元德道祐化])/g, '干')
    .replace(/甚(?=么)/g, '什');
}
