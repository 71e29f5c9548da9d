import { isLossless } from '../../audio/lossless.ts';
import type { Column, JsonValue, Row } from '../../results/columns.ts';
import type { EncodeAlgorithm, Encoding, Rendition, SourceInfo } from '../algorithm.ts';
import { LADDER_PRESETS, type Ladder } from './ladder.ts';

/** CPU seconds for each second of audio, measured: docs/algorithms/transcode.md. */
const COST: Readonly<Record<Encoding['codec'], number>> = {
  aac: 0.0165,
  mp3: 0.014,
  opus: 0.0068,
  flac: 0.0026,
};
/** True peak and loudness (ebur128 at four times the rate). */
const LOUDNESS_COST = 0.0075;

const RENDITION_FIELDS: readonly Column[] = [
  { name: 'name', type: 'string', description: 'which rendition of the ladder' },
  { name: 'uri', type: 'string', description: 'where the file is' },
  { name: 'codec', type: 'string', description: 'aac, mp3, opus or flac' },
  { name: 'container', type: 'string', description: 'm4a, mp3, ogg or flac' },
  { name: 'bitrate_bps', type: 'int64', description: 'bits a second over the whole file' },
  { name: 'bytes', type: 'int64', description: 'size of the file' },
  { name: 'sha256', type: 'string', description: "the file's SHA-256, in hex" },
  { name: 'duration_s', type: 'double', description: 'seconds that a player plays' },
  {
    name: 'upscaled',
    type: 'boolean',
    description: 'whether the source is lossy and of a lower bit rate: the file sounds no better than it',
  },
];

const COLUMNS: readonly Column[] = [
  {
    name: 'renditions',
    type: { list: { struct: RENDITION_FIELDS } },
    description: "the encoded files, in the ladder's order",
  },
  {
    name: 'loudness_lufs',
    type: 'double',
    nullable: true,
    description: 'integrated loudness in LUFS (EBU R128); null for silence',
  },
  {
    name: 'loudness_range_lu',
    type: 'double',
    nullable: true,
    description: 'loudness range in LU (EBU Tech 3342); null for silence',
  },
  {
    name: 'true_peak_dbtp',
    type: 'double',
    nullable: true,
    description: 'highest true peak in dBTP (ITU-R BS.1770); null for digital silence',
  },
];

/**
 * Encodes tracks into the renditions of `ladder`, and measures their loudness in the same pass.
 *
 * The version says how a rendition is made, not which ones: the ladder is a setting of the run, and its
 * digest (`ladderDigest`) belongs into the keys of the files.
 */
export function createTranscode(ladder: Ladder): EncodeAlgorithm {
  return {
    name: 'transcode',
    version: '3',
    summary: `encodes ${ladder.map(({ name }) => name).join(', ')} and measures loudness (EBU R128)`,
    input: { kind: 'encodings' },
    columns: COLUMNS,
    cost: {
      perTrackSeconds: 0.2,
      perAudioSecond: ladder.reduce((sum, { codec }) => sum + COST[codec], LOUDNESS_COST),
    },
    encodings: () => ladder,
    finish: ({ track, renditions, loudness }) => ({
      renditions: renditions.map((rendition) => renditionValue(rendition, track.source)),
      loudness_lufs: loudness.integrated,
      loudness_range_lu: loudness.range,
      true_peak_dbtp: loudness.truePeak,
    }),
    // Every value of the row is plain JSON already.
    present: (row: Row) => row as Record<string, JsonValue>,
  };
}

/** The standard ladder. */
export const transcode: EncodeAlgorithm = createTranscode(LADDER_PRESETS.standard);

function renditionValue(rendition: Rendition, source: SourceInfo): Row {
  const { encoding } = rendition;
  return {
    name: encoding.name,
    uri: rendition.uri,
    codec: encoding.codec,
    container: encoding.container,
    bitrate_bps: Math.round(rendition.bitrate),
    bytes: rendition.bytes,
    sha256: rendition.sha256,
    duration_s: Math.round(rendition.durationSeconds * 1000) / 1000,
    upscaled: isUpscaled(encoding, source),
  };
}

/**
 * Whether a rendition promises more than its source can give: a lossy source into a lossless codec or at
 * a higher bit rate. Bit rates of different codecs are compared as they are: Opus needs fewer bits than
 * MP3 for the same sound, so that some of what is called upscaled is merely generous. A lossy source
 * whose bit rate is not known counts as upscaled only in a lossless codec.
 */
function isUpscaled(encoding: Encoding, source: SourceInfo): boolean {
  if (isLossless(source.codec)) return false;
  if (encoding.bitrate === undefined) return true;
  return source.bitrate !== undefined && source.bitrate < encoding.bitrate;
}
