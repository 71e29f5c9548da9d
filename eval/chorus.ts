/**
 * Scores the chorus algorithm on labelled songs (chorus-songs.ts says what a data folder holds).
 *
 *     node eval/chorus.ts <data folder>
 *
 * Needs ffmpeg, and fluidsynth for the rendered songs.
 */
import { chorus } from '../src/algorithms/chorus/chorus.ts';
import { boundaryF, type ExcerptScore, mean, scoreExcerpt } from './chorus-scores.ts';
import { renderedSongs, type Span, sungSongs } from './chorus-songs.ts';

interface Result {
  readonly start_s: number;
  readonly end_s: number;
  readonly confidence: number;
  readonly sections: readonly { readonly label: string; readonly start_s: number; readonly end_s: number }[];
}

const [data] = process.argv.slice(2);
if (data === undefined) {
  console.error('usage: node eval/chorus.ts <data folder>');
  process.exit(2);
}
await scoreChoruses(data);
await scoreBoundaries(data);

async function scoreChoruses(data: string): Promise<void> {
  const scores: (ExcerptScore & { readonly refrainDistance: number })[] = [];
  let cpuSeconds = 0;
  let audioSeconds = 0;
  for (const { name, samples, choruses, refrains } of sungSongs(data)) {
    const before = process.cpuUsage();
    const result = await analyse(samples);
    const { user, system } = process.cpuUsage(before);
    cpuSeconds += (user + system) / 1e6;
    audioSeconds += samples.length / 32_000;
    const excerpt: Span = [result.start_s, result.end_s];
    const shown = `${excerpt.map((time) => time.toFixed(1)).join('-')} (${result.confidence.toFixed(2)})`;
    if (choruses.length === 0) {
      console.log(name.padEnd(40), shown, 'no chorus in the truth');
      continue;
    }
    const score = scoreExcerpt(excerpt, choruses);
    const refrainDistance = scoreExcerpt(excerpt, refrains).startDistance;
    scores.push({ ...score, refrainDistance });
    console.log(
      name.padEnd(40),
      shown.padEnd(20),
      `overlap ${score.overlap.toFixed(2)} start off ${score.startDistance.toFixed(1)} s`,
      `(first repeated line: ${refrainDistance.toFixed(1)} s) F1 ${score.f1.toFixed(2)}`,
    );
  }
  if (scores.length === 0) return;
  const share = (test: (score: (typeof scores)[0]) => boolean): string =>
    `${scores.filter(test).length}/${scores.length}`;
  console.log(
    `chorus: half in chorus ${share((score) => score.overlap >= 0.5)},`,
    `overlap ${mean(scores.map((score) => score.overlap)).toFixed(2)},`,
    `start within 3 s ${share((score) => score.startDistance <= 3)}`,
    `(first repeated line: ${share((score) => score.refrainDistance <= 3)}),`,
    `best F1 ${mean(scores.map((score) => score.f1)).toFixed(2)};`,
    `${((cpuSeconds / audioSeconds) * 240).toFixed(2)} s CPU for 240 s`,
  );
}

async function scoreBoundaries(data: string): Promise<void> {
  const nearer: number[] = [];
  for (const { name, samples, annotations } of renderedSongs(data)) {
    const { sections } = await analyse(samples);
    const found = sections.map((section): Span => [section.start_s, section.end_s]);
    const f = annotations.map((truth) =>
      boundaryF(
        found,
        truth.map(([, start, end]): Span => [start, end]),
      ),
    );
    nearer.push(Math.max(...f));
    const labels = sections.map((section) => `${section.label}@${section.start_s.toFixed(0)}`);
    console.log(name, `boundary F ${f.map((value) => value.toFixed(2)).join(' ')}`, labels.join(' '));
  }
  if (nearer.length === 0) return;
  console.log(
    `boundaries: ${nearer.length} songs, F at 3 s against the nearer annotator ${mean(nearer).toFixed(3)}`,
  );
}

async function analyse(samples: Float32Array): Promise<Result> {
  const durationSeconds = samples.length / 32_000;
  const analysis = await chorus.open({
    trackId: 'eval',
    language: undefined,
    source: {
      container: 'wav',
      codec: 'pcm_f32le',
      sampleRate: 16_000,
      channels: 2,
      bitrate: undefined,
      bitsPerSample: undefined,
      durationSeconds,
    },
    signal: new AbortController().signal,
  });
  for (let start = 0; start < samples.length; start += 32_768) {
    await analysis.write(samples.subarray(start, start + 32_768));
  }
  return chorus.present(await analysis.finish({ durationSeconds })) as unknown as Result;
}
