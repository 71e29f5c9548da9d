import { readFile } from 'node:fs/promises';

/** The fields of each line of a tab-separated file, without the line of headings that it begins with. */
export async function readLineTable(path: string): Promise<readonly (readonly string[])[]> {
  const lines = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}
