import type { JsonRow, JsonValue } from '../../results/columns.ts';

const MAX_LIST_ITEMS = 8;
const MAX_TEXT = 100;

/** A presented row for a person's eyes: one field a line, long lists and texts cut. */
export function rowText(row: JsonRow): string {
  const width = Math.max(...Object.keys(row).map((name) => name.length));
  return Object.entries(row)
    .map(([name, value]) => `${name.padEnd(width)}  ${valueText(value, width + 2)}\n`)
    .join('');
}

function valueText(value: JsonValue, indent: number): string {
  if (typeof value === 'string') return cut(value.split('\n')[0] ?? '', value);
  if (value === null || typeof value !== 'object') return String(value);
  if (!Array.isArray(value)) return cut(JSON.stringify(value));
  const items = value as readonly JsonValue[];
  const unsaid = items.length - MAX_LIST_ITEMS;
  const more = unsaid > 0 ? [`... ${unsaid} more`] : [];
  if (items.every((item) => typeof item !== 'object')) {
    return [...items.slice(0, MAX_LIST_ITEMS).map(String), ...more].join(' ');
  }
  const lines = [...items.slice(0, MAX_LIST_ITEMS).map((item) => cut(JSON.stringify(item))), ...more];
  return lines.join(`\n${' '.repeat(indent)}`);
}

function cut(text: string, whole: string = text): string {
  return text.length > MAX_TEXT || text !== whole ? `${text.slice(0, MAX_TEXT)} ...` : text;
}
