import { S3Refusal } from './refusal.ts';

/** An element's content: text, or elements; an array for one that is repeated; undefined for one that is left out. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | XmlContent[]
  | { readonly [name: string]: XmlContent };

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A document as S3 answers with. */
export function xmlDocument(name: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, content, name === 'Error' ? '' : ` xmlns="${NAMESPACE}"`)}`;
}

/**
 * The parts that a CompleteMultipartUpload lists. Reads this one document as S3 clients write it, and is no XML
 * parser.
 */
export function partsOf(xml: string): { number: number; etag: string }[] {
  return [...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => {
    const number = /<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1];
    const etag = /<ETag>(.*?)<\/ETag>/.exec(part)?.[1];
    if (number === undefined || etag === undefined)
      throw new S3Refusal(400, 'MalformedXML', 'The XML you provided was not well-formed.');
    return { number: Number(number), etag: etag.replaceAll('&quot;', '"') };
  });
}

function element(name: string, content: XmlContent, attributes = ''): string {
  if (content === undefined) return '';
  if (Array.isArray(content)) return content.map((item) => element(name, item)).join('');
  const inside =
    typeof content === 'object'
      ? Object.entries(content)
          .map(([child, its]) => element(child, its))
          .join('')
      : escaped(String(content));
  return `<${name}${attributes}>${inside}</${name}>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
