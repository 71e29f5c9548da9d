import { z } from 'zod';
import { messageOf, usageError } from '../../errors.ts';
import type { Encoding } from '../algorithm.ts';
import { type Ladder, MAX_RENDITIONS, MAX_RENDITION_NAME_LENGTH, RENDITION_NAME } from './ladder.ts';

const CONTAINERS = { aac: 'm4a', mp3: 'mp3', opus: 'ogg', flac: 'flac' } as const;

/** Bits a second that each codec takes for stereo at 44.1 or 48 kHz. */
const BITRATES = {
  aac: { least: 16_000, most: 512_000 },
  mp3: { least: 32_000, most: 320_000 },
  opus: { least: 6_000, most: 510_000 },
} as const;
/** ISO/IEC 11172-3: layer III at 32 to 48 kHz knows these and no others. */
const MP3_BITRATES = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320].map((k) => k * 1000);

const Rendition = z
  .strictObject({
    name: z.string().max(MAX_RENDITION_NAME_LENGTH).regex(RENDITION_NAME),
    codec: z.enum(['aac', 'mp3', 'opus', 'flac']),
    bitrate_bps: z.int().optional(),
  })
  .superRefine(({ codec, bitrate_bps: bitrate }, context) => {
    const complain = (message: string): void => {
      context.addIssue({ code: 'custom', path: ['bitrate_bps'], message });
    };
    if (codec === 'flac') {
      if (bitrate !== undefined) complain('flac is lossless and takes no bit rate');
      return;
    }
    const { least, most } = BITRATES[codec];
    if (bitrate === undefined) complain(`${codec} needs a bit rate, such as 128000`);
    else if (bitrate < least || bitrate > most) {
      complain(`${codec} takes ${least} to ${most} bits a second, not ${bitrate}`);
    } else if (codec === 'mp3' && !MP3_BITRATES.includes(bitrate)) {
      complain(`mp3 takes one of ${MP3_BITRATES.join(', ')}, not ${bitrate}`);
    }
  });

const LadderFile = z.strictObject({
  renditions: z
    .array(Rendition)
    .min(1, 'must list at least one rendition')
    .max(MAX_RENDITIONS)
    .superRefine((renditions, context) => {
      const seen = new Set<string>();
      for (const [index, { name }] of renditions.entries()) {
        if (seen.has(name)) {
          const message = `"${name}" is used twice: files are named after it`;
          context.addIssue({ code: 'custom', path: [index, 'name'], message });
        }
        seen.add(name);
      }
    }),
});

/**
 * Reads a user's ladder: JSON such as
 * `{ "renditions": [{ "name": "aac-128", "codec": "aac", "bitrate_bps": 128000 }, { "name": "flac", "codec": "flac" }] }`.
 * `origin` names the file in messages. Throws a usage error that names every wrong field.
 */
export function parseLadder(json: string, origin: string): Ladder {
  let value: unknown;
  try {
    // Some editors put a byte order mark first, which JSON does not know.
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw usageError('ladder-not-json', `${origin} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  const parsed = LadderFile.safeParse(value, { error: complaint });
  if (!parsed.success) {
    const complaints = parsed.error.issues.map(({ path, message }) => `${fieldName(path)}: ${message}`);
    throw usageError('ladder-invalid', `${origin} is not a ladder: ${complaints.join('; ')}`);
  }
  return parsed.data.renditions.map(
    ({ name, codec, bitrate_bps: bitrate }): Encoding => ({
      name,
      codec,
      container: CONTAINERS[codec],
      bitrate,
    }),
  );
}

/** What is wrong with a value, where its schema has no words of its own. */
function complaint(issue: z.core.$ZodRawIssue): string {
  const found = inBrief(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${KINDS[issue.expected] ?? issue.expected}, not ${found}`;
    case 'invalid_value':
      return issue.input === undefined
        ? `is missing: one of ${issue.values.join(', ')}`
        : `must be one of ${issue.values.join(', ')}, not ${found}`;
    case 'unrecognized_keys':
      return `has no ${issue.keys.map((key) => `"${key}"`).join(', ')}: ${KNOWN_FIELDS}`;
    case 'too_big':
      if (issue.origin !== 'array' && issue.origin !== 'string') return `must not be ${found}`;
      return `must have at most ${issue.maximum} ${issue.origin === 'array' ? 'renditions' : 'characters'}`;
    case 'invalid_format':
      return `must be lower-case letters, digits and dashes, not ${found}`;
    default:
      return `must not be ${found}`;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
};
const KNOWN_FIELDS = 'a ladder has renditions, and each of them name, codec and bitrate_bps';

/** A value as JSON, as far as it fits a message. */
function inBrief(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > 40 ? `${json.slice(0, 40)}...` : json;
}

/** A path into the file as one would write it: `renditions[1].bitrate_bps`. */
function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return name === '' ? 'the whole' : name.replace(/^\./, '');
}
