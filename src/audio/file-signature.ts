import { open } from 'node:fs/promises';

/** What well-known files have at an offset near their beginning. */
const SIGNATURES: readonly { readonly offset: number; readonly text: string; readonly format: string }[] = [
  { offset: 0, text: 'fLaC', format: 'FLAC' },
  { offset: 0, text: 'OggS', format: 'Ogg' },
  { offset: 8, text: 'WAVE', format: 'WAV' },
  { offset: 8, text: 'AIF', format: 'AIFF' },
  { offset: 4, text: 'ftyp', format: 'MP4' },
];

/** The format that a file's first bytes are the signature of, if they are one: it tells a damaged file from another kind. */
export async function readSignature(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0);
    const start = buffer.toString('latin1', 0, bytesRead);
    return SIGNATURES.find(({ offset, text }) => start.startsWith(text, offset))?.format;
  } finally {
    await file.close();
  }
}
