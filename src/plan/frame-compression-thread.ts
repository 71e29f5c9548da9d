/** The thread of a FrameCompressor: takes {@link Pieces}, gives their frames, one message for each, in order. */
import { parentPort } from 'node:worker_threads';
import { compressPieces, type Pieces } from './frame-compression.ts';

export interface CompressedPieces {
  readonly frames: Pieces;
  /** The bytes that came, for the next ones. */
  readonly spent: Uint8Array<ArrayBuffer>;
}

parentPort?.on('message', (pieces: Pieces) => {
  const message: CompressedPieces = { frames: compressPieces(pieces), spent: pieces.bytes };
  parentPort?.postMessage(message, [message.frames.bytes.buffer, message.spent.buffer]);
});
