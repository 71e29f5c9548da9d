/** A thread that encodes row groups: what row-group-encoders.ts starts. */
import { on } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ParquetDamage } from '../results/parquet-checksums.ts';
import { openRowGroup, type RowGroupBytes } from '../results/row-group-bytes.ts';
import type { AlgorithmRef } from '../run/records.ts';
import { encodeText, presentResults, type TextEncoding } from './encode-row-group.ts';

/** What the thread is told when it starts. */
export interface EncoderSetting {
  /** What the results are of, in the version that made them. */
  readonly algorithm: AlgorithmRef;
  readonly encoding: TextEncoding;
}

/** What it answers to each row group, in the order in which they came. */
export type EncoderAnswer =
  | { readonly text: Uint8Array<ArrayBuffer> }
  /** What is wrong with the file that the row group is of. */
  | { readonly damage: string }
  /** As thrown: what it was is kept by the structured clone of errors. */
  | { readonly error: unknown };

const { algorithm, encoding } = workerData as EncoderSetting;

if (parentPort !== null) await serve(parentPort);

/** One after the other, so that answers keep the order of what they answer. Goes on until the thread is ended. */
async function serve(port: MessagePort): Promise<void> {
  for await (const [cut] of on(port, 'message') as AsyncIterable<[RowGroupBytes]>) {
    try {
      const text = await encode(cut);
      port.postMessage({ text } satisfies EncoderAnswer, [text.buffer]);
    } catch (error) {
      const answer: EncoderAnswer = error instanceof ParquetDamage ? { damage: error.message } : { error };
      port.postMessage(answer, []);
    }
  }
}

async function encode(cut: RowGroupBytes): Promise<Uint8Array<ArrayBuffer>> {
  const reader = await openRowGroup(cut);
  return encodeText(presentResults(await reader.rowGroup(cut.index), algorithm), encoding);
}
