/**
 * All that the commands print: the one place that writes to stdout and stderr. What people read passes `visible`, so
 * that nothing out of a manifest or a store commands their terminal; what can not be written is remembered, and told
 * once in the end: a command's work does not depend on who listens.
 */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { reasonOf } from '../errors.ts';
import { EXIT } from './exit.ts';
import { visible, visibleJson } from '../visible-text.ts';

/** The two streams, by what messages call them. */
const STREAMS = { 'standard output': process.stdout, 'standard error': process.stderr } as const;
type Name = keyof typeof STREAMS;
const DESCRIPTORS = { 'standard output': 1, 'standard error': 2 } as const;

/** Why a stream takes nothing any more. */
const broken = new Map<Name, NodeJS.ErrnoException>();

/** Prints on stdout what people read. */
export function print(text: string): void {
  write('standard output', visible(text));
}

/** Prints JSON on stdout: documents, or lines. */
export function printJson(json: string): void {
  write('standard output', visibleJson(json));
}

/** Prints what a command has found: as JSON where that is asked for, else as text. */
export function printResult(asJson: boolean | undefined, json: () => string, text: () => string): void {
  if (asJson === true) printJson(json());
  else print(text());
}

/** Says something on stderr: progress, hints, errors. */
export function say(text: string): void {
  write('standard error', visible(text));
}

/** Sends an escape sequence of our own to the terminal that stdout is. */
export function sendSequence(sequence: string): void {
  write('standard output', sequence);
}

/** Whether stdout takes nothing any more: whoever prints again and again may leave. */
export function isStdoutBroken(): boolean {
  return broken.has('standard output');
}

/**
 * Writes chunks of data to stdout as they stand, until it takes no more; to a terminal, where people read it, as text.
 * @param chunks of UTF-8, whole lines each
 */
export async function printChunks(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    if (isStdoutBroken()) return;
    const data = process.stdout.isTTY ? visible(Buffer.from(chunk).toString('utf8')) : chunk;
    await new Promise<void>((resolve) => write('standard output', data, resolve));
  }
}

/**
 * Hears of what can not be written. Call it before anything is printed: an error that nobody hears would end the
 * program.
 */
export function watchOutput(): void {
  for (const name of Object.keys(STREAMS) as Name[]) {
    STREAMS[name].on('error', (error) => remember(name, error));
  }
}

/**
 * Waits until all is written, and says what could not be. A reader that has left (`| head`) is no error.
 * @returns the exit code: `code`, unless all went well but that
 */
export async function finishOutput(code: number): Promise<number> {
  await Promise.all(Object.values(STREAMS).map(flushed));
  const lost = [...broken].filter(([name, { code: reason }]) => !hasLeft(STREAMS[name], reason));
  if (lost.length === 0) return code;
  for (const [name, error] of lost) say(`backfill: could not write to ${name}: ${reasonOf(error)}\n`);
  return code >= EXIT.usage ? code : EXIT.unable;
}

/** A reader that leaves early is no error, nor is a terminal that goes away. */
function hasLeft(stream: NodeJS.WriteStream, reason: string | undefined): boolean {
  return reason === 'EPIPE' || (reason === 'EIO' && stream.isTTY);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  if (!(stream instanceof Socket)) return Promise.resolve();
  return new Promise((resolve) => stream.write('', () => resolve()));
}

function write(name: Name, data: string | Uint8Array, written = () => {}): void {
  const stream = STREAMS[name];
  if (stream instanceof Socket) {
    stream.write(data, written);
    return;
  }
  // Node's own stream for files takes a write that a full disk has cut short for a whole one.
  try {
    writeWhole(DESCRIPTORS[name], typeof data === 'string' ? Buffer.from(data) : data);
  } catch (error) {
    remember(name, error as NodeJS.ErrnoException);
  }
  written();
}

function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let position = 0; position < bytes.length; ) position += writeSync(descriptor, bytes, position);
}

function remember(name: Name, error: NodeJS.ErrnoException): void {
  if (!broken.has(name)) broken.set(name, error);
}
