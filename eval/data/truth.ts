/** What is known of a song, as a data folder tells it. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, usageError } from '../../src/errors.ts';
import type { Span } from '../scores/excerpt.ts';
import type { TruthNote } from '../scores/notes.ts';

/** A section that someone heard: what they called it, and seconds. */
export type LabelledSection = readonly [label: string, start: number, end: number];

export interface SungTruth {
  /** Empty where the truth has none. The fourth field of a note is its syllable, the fifth its line of lyrics. */
  readonly notes: readonly TruthNote[];
  /** Occurrences; empty where there is none. */
  readonly choruses: readonly Span[];
}

export interface MidiTruth {
  /** Empty where the truth has none. */
  readonly melody: readonly TruthNote[];
  /** By annotator. */
  readonly annotations: readonly (readonly LabelledSection[])[];
}

const seconds = z.number();
const Note = z.tuple([seconds, seconds, z.number()], z.unknown());
const Sung = z.looseObject({
  notes: z.array(Note).nullish(),
  chorus: z.array(z.tuple([seconds, seconds])).nullish(),
});
const Sections = z.array(z.tuple([z.string(), seconds, seconds]));
const Midi = z.looseObject({ melody: z.array(Note).nullish() });
const SECTIONS_FIELD = /^sections(_|$)/;

/** Reads a `truth.json`. @throws BackfillError `truth-unreadable` */
export async function readSungTruth(path: string): Promise<SungTruth> {
  const { notes, chorus } = parse(Sung, await readJson(path), path);
  return { notes: notes ?? [], choruses: chorus ?? [] };
}

/** Reads the JSON beside a MIDI file; undefined where it tells of something else. @throws BackfillError `truth-unreadable` */
export async function readMidiTruth(path: string): Promise<MidiTruth | undefined> {
  const json = await readJson(path);
  const fields = Object.entries(typeof json === 'object' && json !== null ? json : {});
  const annotations = fields.filter(([field, value]) => SECTIONS_FIELD.test(field) && value !== null);
  if (annotations.length === 0 && !fields.some(([field]) => field === 'melody')) return undefined;
  return {
    melody: parse(Midi, json, path).melody ?? [],
    annotations: annotations.map(([, sections]) => parse(Sections, sections, path)),
  };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw usageError('truth-unreadable', `${path} can not be read as JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function parse<T>(schema: z.ZodType<T>, json: unknown, path: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw usageError('truth-unreadable', `${path} is no truth of a song: ${z.prettifyError(parsed.error)}`);
}
