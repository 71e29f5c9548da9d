/** The footer of a Parquet file, checked before anything is believed of it. */
import { type AsyncBuffer, type FileMetaData, parquetMetadata } from 'hyparquet';
import { FOOTER_END_BYTES, ParquetDamage, checkFooter } from './parquet-checksums.ts';
import { chunkRange } from './parquet-chunks.ts';

const MAGIC = 'PAR1';

/** No file of results comes near: a footer of 60,000 row groups. */
const MAX_FOOTER_BYTES = 64 * 1024 * 1024;
/** Of a row group: as in parquet-encoder.ts, with room for other writers. */
const MAX_GROUP_ROWS = 10_000_000;

/**
 * Reads the footer of a file.
 *
 * @param endBytes so many bytes of the file's end are read at once
 * @throws ParquetDamage where the source is no Parquet file, or is damaged; what `source` throws
 */
export async function readFooter(source: AsyncBuffer, endBytes: number): Promise<FileMetaData> {
  const { byteLength } = source;
  if (byteLength < MAGIC.length + FOOTER_END_BYTES)
    throw new ParquetDamage('it is no Parquet file: it is too short');
  const end = Buffer.from(await source.slice(Math.max(0, byteLength - endBytes), byteLength));
  if (end.toString('latin1', end.length - MAGIC.length) !== MAGIC) {
    throw new ParquetDamage('it is no Parquet file, or has lost its end');
  }
  const length = end.readUInt32LE(end.length - FOOTER_END_BYTES) + FOOTER_END_BYTES;
  if (length > Math.min(byteLength - MAGIC.length, MAX_FOOTER_BYTES)) {
    throw new ParquetDamage(`its footer would have ${length} bytes of ${byteLength}`);
  }
  const footer =
    length <= end.length
      ? end.subarray(end.length - length)
      : Buffer.concat([Buffer.from(await source.slice(byteLength - length, byteLength - end.length)), end]);
  checkFooter(footer);
  const metadata = parsed(footer);
  checkLayout(metadata, byteLength - length);
  return metadata;
}

function parsed(footer: Buffer): FileMetaData {
  try {
    return parquetMetadata(new Uint8Array(footer).buffer, { geoparquet: false });
  } catch (error) {
    throw new ParquetDamage('its footer cannot be read', { cause: error });
  }
}

/** Whether counts are counts, and column chunks lie between the magic and the footer. */
function checkLayout({ num_rows, row_groups }: FileMetaData, footerStart: number): void {
  let rows = 0;
  for (const group of row_groups) {
    const groupRows = Number(group.num_rows);
    if (!(groupRows >= 0 && groupRows <= MAX_GROUP_ROWS)) {
      throw new ParquetDamage(`a row group would have ${groupRows} rows`);
    }
    rows += groupRows;
    for (const chunk of group.columns) {
      const { start, end } = chunkRange(chunk);
      if (!(start >= MAGIC.length && end >= start && end <= footerStart)) {
        throw new ParquetDamage(`a column chunk would lie from byte ${start} to ${end} of ${footerStart}`);
      }
    }
  }
  if (rows !== Number(num_rows)) throw new ParquetDamage(`its row groups have ${rows} rows, not ${num_rows}`);
}
