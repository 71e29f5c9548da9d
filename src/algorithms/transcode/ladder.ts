/** The renditions that a track is encoded into, and the presets of them. */
import { createHash } from 'node:crypto';
import type { Encoding } from '../algorithm.ts';

export type Ladder = readonly Encoding[];

/** Renditions of a ladder, at most. */
export const MAX_RENDITIONS = 16;
/** A file is named after a rendition, and may have 255 characters. */
export const MAX_RENDITION_NAME_LENGTH = 64;
export const RENDITION_NAME: RegExp = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const AAC_96: Encoding = { name: 'aac-96', codec: 'aac', container: 'm4a', bitrate: 96_000 };
const AAC_256: Encoding = { name: 'aac-256', codec: 'aac', container: 'm4a', bitrate: 256_000 };
const MP3_128: Encoding = { name: 'mp3-128', codec: 'mp3', container: 'mp3', bitrate: 128_000 };
const MP3_320: Encoding = { name: 'mp3-320', codec: 'mp3', container: 'mp3', bitrate: 320_000 };
const OPUS_96: Encoding = { name: 'opus-96', codec: 'opus', container: 'ogg', bitrate: 96_000 };
const FLAC: Encoding = { name: 'flac', codec: 'flac', container: 'flac', bitrate: undefined };

/** Ladders that go by a name. Bit rates are for stereo; more channels are mixed down but for FLAC. */
export const LADDER_PRESETS: Readonly<Record<'standard' | 'mp3-320' | 'flac' | 'full', Ladder>> = {
  /** What listeners switch between. */
  standard: [AAC_96, AAC_256, MP3_128, OPUS_96],
  /** For download. */
  'mp3-320': [MP3_320],
  /** For archives. */
  flac: [FLAC],
  full: [AAC_96, AAC_256, MP3_128, MP3_320, OPUS_96, FLAC],
};

/**
 * Eight hex digits that tell ladders apart: put into the keys of media, so that another ladder's files
 * never overwrite them. The order of renditions counts, since it is that of the result's list.
 */
export function ladderDigest(ladder: Ladder): string {
  const canonical = ladder.map(({ name, codec, container, bitrate }) => [
    name,
    codec,
    container,
    bitrate ?? null,
  ]);
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex').slice(0, 8);
}
