/** How each rendition is encoded: the arguments of ffmpeg for one output file. */
import type { Encoding, SourceInfo } from '../algorithms/algorithm.ts';
import { isLossless } from './lossless.ts';

type Option = readonly [option: string, value: string];

/** MPEG-1, -2 and -2.5 layer III: ISO/IEC 11172-3, 13818-3, and LAME's extension. */
const MP3_RATES = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000];
const AAC_RATES = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000];
/** The Opus encoder works at 48 kHz whatever the source: RFC 6716. */
const OPUS_RATE = 48000;
/** libopus takes no more than this for one channel. */
const OPUS_MAX_CHANNEL_BITRATE = 256_000;
/** ISO/IEC 14496-3: an AAC frame of 1,024 samples holds at most 6,144 bits a channel. */
const AAC_MAX_BITS_PER_SAMPLE = 6144 / 1024;
/** The encoder falls short of its bit rate as it comes near to that limit. */
const AAC_USABLE_SHARE = 0.7;
/**
 * Bits a sample of each channel from which on ffmpeg's `fast` coder keeps nearer to the bit rate than `twoloop`, at
 * half of its CPU; below it sounds worse. 176 kb/s for stereo at 44.1 kHz.
 */
const AAC_FAST_CODER_BITS_PER_SAMPLE = 2;
const FLAC_MAX_BITS = 24;
/** RFC 9639, 9.1.3. */
const FLAC_MAX_CHANNELS = 8;
/** DSD holds music up to some 50 kHz, and noise above. */
const DSD_MAX_RATE = 192_000;

/**
 * The sample rate and channels that a rendition gets. Lossy bit rates are meant for stereo: more channels are mixed
 * down, as are more than FLAC can hold.
 */
export function encodedLayout(
  encoding: Encoding,
  source: SourceInfo,
): { readonly sampleRate: number; readonly channels: number } {
  const channels = Math.min(source.channels, 2);
  if (encoding.codec === 'flac') {
    return {
      sampleRate: flacSampleRate(source),
      channels: source.channels <= FLAC_MAX_CHANNELS ? source.channels : channels,
    };
  }
  if (encoding.codec === 'opus') return { sampleRate: OPUS_RATE, channels };
  const bitrate = encoding.bitrate ?? 0;
  const possible =
    encoding.codec === 'mp3'
      ? MP3_RATES.filter((rate) => bitrate <= maxMp3Bitrate(rate))
      : AAC_RATES.filter((rate) => bitrate <= rate * channels * AAC_MAX_BITS_PER_SAMPLE * AAC_USABLE_SHARE);
  return {
    sampleRate: nearestRate(source.sampleRate, possible.length > 0 ? possible : AAC_RATES.slice(-1)),
    channels,
  };
}

/** Options of the output that `encoding` names, apart from its file name and filters. */
export function encoderOptions(encoding: Encoding, source: SourceInfo): readonly Option[] {
  switch (encoding.codec) {
    case 'aac': {
      const { sampleRate, channels } = encodedLayout(encoding, source);
      const bitsPerSample = (encoding.bitrate ?? 0) / sampleRate / channels;
      return [
        ['-c:a', 'aac'],
        ['-aac_coder', bitsPerSample < AAC_FAST_CODER_BITS_PER_SAMPLE ? 'twoloop' : 'fast'],
        ['-b:a', String(encoding.bitrate)],
        ['-movflags', '+faststart'],
        // What the edit list counts in: it tells players where the audio ends, by default to a millisecond.
        ['-movie_timescale', String(sampleRate)],
      ];
    }
    case 'mp3':
      return [
        ['-c:a', 'libmp3lame'],
        ['-b:a', String(encoding.bitrate)],
        ['-id3v2_version', '3'],
      ];
    case 'opus':
      return [
        ['-c:a', 'libopus'],
        ['-b:a', String(opusBitrate(encoding.bitrate ?? 0, source))],
        ['-vbr', 'constrained'],
      ];
    case 'flac':
      return [
        ['-c:a', 'flac'],
        ['-bits_per_raw_sample', String(flacBits(source))],
      ];
  }
}

/** A rate for stereo comes down to what one channel can have; what no layout can have is left to the encoder to refuse. */
function opusBitrate(bitrate: number, { channels }: SourceInfo): number {
  const isForStereo = bitrate <= 2 * OPUS_MAX_CHANNEL_BITRATE;
  return channels === 1 && isForStereo ? Math.min(bitrate, OPUS_MAX_CHANNEL_BITRATE) : bitrate;
}

/** ffmpeg's name of a container's muxer. */
export function muxerName(encoding: Encoding): string {
  return encoding.container === 'm4a' ? 'ipod' : encoding.container;
}

/** The sample format that FLAC takes a source in: 16 bits, or 32 of which 24 are used. */
export function flacSampleFormat(source: SourceInfo): 's16' | 's32' {
  return flacBits(source) > 16 ? 's32' : 's16';
}

/**
 * Bits a sample of a FLAC rendition: those of a lossless source, at most 24. A lossy codec decodes to more
 * than 16 bits of noise, not of music. DSD has one bit a sample, and more than 16 below 20 kHz.
 */
function flacBits(source: SourceInfo): number {
  if (isDsd(source)) return FLAC_MAX_BITS;
  return isLossless(source.codec) && (source.bitsPerSample ?? 16) > 16 ? FLAC_MAX_BITS : 16;
}

/** The source's own. DSD, which decodes to an eighth of its rate (352.8 kHz and up), to a half of that, or a quarter. */
function flacSampleRate(source: SourceInfo): number {
  let rate = source.sampleRate;
  while (isDsd(source) && rate > DSD_MAX_RATE) rate /= 2;
  return rate;
}

function isDsd({ codec }: SourceInfo): boolean {
  return codec.startsWith('dsd_') || codec === 'dst';
}

function maxMp3Bitrate(sampleRate: number): number {
  if (sampleRate >= 32000) return 320_000;
  return sampleRate >= 16000 ? 160_000 : 64_000;
}

/** The source's own rate if it can be; else the half, quarter... of it that can be (96 to 48 kHz); else the next above, else the highest. */
function nearestRate(rate: number, possible: readonly number[]): number {
  for (let divided = rate; divided >= 32000; divided /= 2) if (possible.includes(divided)) return divided;
  return possible.find((candidate) => candidate >= rate) ?? Math.max(...possible);
}
