/**
 * What of a source's tags, cover and chapters a rendition gets. ffmpeg carries most tags over by itself; here is what
 * it would carry over wrongly: what is true of the source's own encoding only, and what each container spells in
 * another way.
 */
import type { Encoding } from '../algorithms/algorithm.ts';
import { isLossless } from './lossless.ts';
import type { ProbedSource } from './probe.ts';

type Option = readonly [option: string, value: string];

/** Of the source's container and encoder, the delay and padding of its encoding among them. */
// biome-ignore format: a list of words
const OF_THE_ENCODING = [
  'major_brand', 'minor_version', 'compatible_brands', 'encoder', 'TLEN', 'iTunSMPB', 'MP3GAIN_MINMAX',
  'MP3GAIN_ALBUM_MINMAX', 'MP3GAIN_UNDO',
];

/** Measured on the source's samples. RFC 7845, 5.2.1, bars the former from Opus, and no one else reads the latter. */
// biome-ignore format: a list of words
const OF_THE_SAMPLES = [
  'REPLAYGAIN_TRACK_GAIN', 'REPLAYGAIN_TRACK_PEAK', 'REPLAYGAIN_TRACK_RANGE', 'REPLAYGAIN_ALBUM_GAIN',
  'REPLAYGAIN_ALBUM_PEAK', 'REPLAYGAIN_ALBUM_RANGE', 'REPLAYGAIN_REFERENCE_LOUDNESS', 'iTunNORM',
  'R128_TRACK_GAIN', 'R128_ALBUM_GAIN',
];

/** One thing under the names that ffmpeg has for it in ID3v2.3, in Vorbis comments, and in an iTunes list. */
interface Spelling {
  readonly mp3: string;
  readonly vorbis: string;
  readonly m4a: string | undefined;
}
const SPELLINGS: readonly Spelling[] = [
  { mp3: 'TSRC', vorbis: 'isrc', m4a: undefined },
  { mp3: 'TBPM', vorbis: 'bpm', m4a: 'tmpo' },
];

/** ID3 and iTunes keep a number and how many there are in one field; Vorbis comments, mostly, in two. */
const COUNTS = [
  { number: 'track', totals: ['tracktotal', 'totaltracks'] },
  { number: 'disc', totals: ['disctotal', 'totaldiscs'] },
] as const;

/** ffmpeg's FLAC muxer writes none, and its Ogg muxer (5.1) most of them a second late. */
const TAKES_CHAPTERS: ReadonlySet<Encoding['container']> = new Set(['m4a', 'mp3']);

/** The tags whose values {@link tagOptions} has to know. */
export const TAGS_READ: readonly string[] = [
  ...SPELLINGS.flatMap(({ mp3, vorbis }) => [mp3, vorbis]),
  ...COUNTS.flatMap(({ number, totals }) => [number, ...totals]),
];

/** Options of the output that `encoding` names: its tags, chapters and cover. */
export function tagOptions(encoding: Encoding, source: ProbedSource): readonly Option[] {
  return [
    // Ogg's tags belong to the stream, everyone else's to the file, and their streams' own are about the encoding.
    ...(source.container === 'ogg' ? [['-map_metadata:g', '0:s:a:0'] as const] : []),
    ['-map_metadata:s:a:0', '-1'],
    ['-map_chapters', source.hasChapters && TAKES_CHAPTERS.has(encoding.container) ? '0' : '-1'],
    ...[...changedTags(encoding, source)].map(([tag, value]): Option => ['-metadata', `${tag}=${value}`]),
    ...coverOptions(encoding, source),
  ];
}

/** Tags with their new values; one without a value is removed. */
function changedTags(encoding: Encoding, source: ProbedSource): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  const hasItsSamples = encoding.codec === 'flac' && isLossless(source.codec);
  for (const tag of [...OF_THE_ENCODING, ...(hasItsSamples ? [] : OF_THE_SAMPLES)]) changed.set(tag, '');
  const spelling =
    encoding.container === 'mp3' || encoding.container === 'm4a' ? encoding.container : 'vorbis';
  const valueOf = (tag: string): string | undefined => source.tags.get(tag.toLowerCase());
  for (const names of SPELLINGS) {
    const value = valueOf(names.mp3) ?? valueOf(names.vorbis);
    if (value === undefined) continue;
    for (const name of [names.mp3, names.vorbis]) changed.set(name, '');
    if (names[spelling] !== undefined) changed.set(names[spelling], value);
  }
  for (const { number, totals } of spelling === 'vorbis' ? [] : COUNTS) {
    const [value, total] = [valueOf(number), totals.map(valueOf).find((found) => found !== undefined)];
    if (value === undefined || total === undefined) continue;
    for (const name of totals) changed.set(name, '');
    if (!value.includes('/')) changed.set(number, `${value}/${total}`);
  }
  return changed;
}

/** The picture as it is, under the name of an ID3v2 picture type. ffmpeg's Ogg muxer takes none. */
function coverOptions({ container }: Encoding, { coverStream }: ProbedSource): readonly Option[] {
  if (container === 'ogg' || coverStream === undefined) return [];
  return [
    ['-map', `0:${coverStream}`],
    ['-c:v', 'copy'],
    ['-disposition:v', 'attached_pic'],
    ['-metadata:s:v', 'comment=Cover (front)'],
  ];
}
