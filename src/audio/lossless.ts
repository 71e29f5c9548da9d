// biome-ignore format: a list of words
const LOSSLESS_CODECS: ReadonlySet<string> = new Set([
  'flac', 'alac', 'wavpack', 'ape', 'tta', 'tak', 'shorten', 'truehd', 'mlp', 'wmalossless', 'ralf',
  'mp4als', 'sonicls', 'dst',
]);

/** Whether a codec, by ffmpeg's name, gives back the samples it was given. WavPack's and DTS's lossy modes are not told apart. */
export function isLossless(codec: string): boolean {
  return LOSSLESS_CODECS.has(codec) || /^pcm_(?!alaw|mulaw|vidc)/.test(codec) || codec.startsWith('dsd_');
}
