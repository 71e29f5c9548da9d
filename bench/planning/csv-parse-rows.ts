/** Reads a manifest by csv-parse, as its documentation shows, and does nothing with the rows: `csv-parse-rows.ts FILE`. */
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';

const [path = ''] = process.argv.slice(2);
let rows = 0;
for await (const _ of createReadStream(path, { highWaterMark: 256 * 1024 }).pipe(parse())) rows += 1;
process.stdout.write(`${rows}\n`);
