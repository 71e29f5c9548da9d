import { z } from 'zod';
import { usageError } from '../../errors.ts';
import type { Encoding } from '../algorithm.ts';
import type { Ladder } from './ladder.ts';

const CONTAINERS = { aac: 'm4a', mp3: 'mp3', opus: 'ogg', flac: 'flac' } as const;

/** Bits a second that each codec takes for stereo at 44.1 or 48 kHz. */
const BITRATES = {
  aac: { least: 16_000, most: 512_000 },
  mp3: { least: 32_000, most: 320_000 },
  opus: { least: 6_000, most: 510_000 },
} as const;
/** ISO/IEC 11172-3: layer III at 32 to 48 kHz knows these and no others. */
const MP3_BITRATES = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320].map((k) => k * 1000);

const MAX_RENDITIONS = 16;

const Rendition = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and dashes'),
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
    else if (bitrate < least || bitrate > most)
      complain(`${codec} takes ${least} to ${most}, not ${bitrate}`);
    else if (codec === 'mp3' && !MP3_BITRATES.includes(bitrate)) {
      complain(`mp3 takes one of ${MP3_BITRATES.join(', ')}, not ${bitrate}`);
    }
  });

const LadderFile = z.strictObject({
  renditions: z
    .array(Rendition)
    .min(1, 'must list at least one rendition')
    .max(MAX_RENDITIONS, `must list at most ${MAX_RENDITIONS} renditions`)
    .superRefine((renditions, context) => {
      const seen = new Set<string>();
      for (const [index, { name }] of renditions.entries()) {
        if (seen.has(name)) {
          context.addIssue({ code: 'custom', path: [index, 'name'], message: `"${name}" is used twice` });
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
    value = JSON.parse(json);
  } catch (error) {
    throw usageError('ladder-not-json', `${origin} is not JSON`, { cause: error });
  }
  const parsed = LadderFile.safeParse(value);
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

/** A path into the file as one would write it: `renditions[1].bitrate_bps`. */
function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return name === '' ? 'the whole' : name.replace(/^\./, '');
}
