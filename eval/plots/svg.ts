/** SVG documents (W3C, Scalable Vector Graphics 1.1), written by hand: elements, text, colours. */

export type Attributes = Readonly<Record<string, string | number>>;

/** One element with what it holds, which is SVG already. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escaped(value)}"`,
  );
  return content.length === 0
    ? `<${name}${written.join('')}/>`
    : `<${name}${written.join('')}>${content.join('')}</${name}>`;
}

/** A line of text; `anchor` says which end of it stands at x. */
export function text(
  content: string,
  at: { readonly x: number; readonly y: number; readonly anchor?: 'start' | 'middle' | 'end' },
  attributes: Attributes = {},
): string {
  const { x, y, anchor = 'start' } = at;
  return element('text', { x, y, 'text-anchor': anchor, ...attributes }, escaped(content));
}

/** A straight line. */
export function line(
  from: readonly [x: number, y: number],
  to: readonly [x: number, y: number],
  attributes: Attributes,
): string {
  return element('line', { x1: from[0], y1: from[1], x2: to[0], y2: to[1], ...attributes });
}

/** A whole document of that many pixels, on white. */
export function document(width: number, height: number, content: readonly string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${short(width)} ${short(height)}`,
      'font-family': 'sans-serif',
      'font-size': 12,
    },
    element('rect', { width, height, fill: 'white' }),
    ...content,
  );
}

/** Minutes and seconds: `2:05`. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

/** A tenth of a pixel is enough. */
function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
