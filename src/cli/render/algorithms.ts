import { type Algorithm, readsLyrics } from '../../algorithms/algorithm.ts';
import { DEFAULT_DURATION_SECONDS } from '../../plan/weights.ts';
import { table } from './table.ts';
import { jsonDocument } from './json.ts';

/** What `algorithms --json` prints. */
export function algorithmsDocument(algorithms: readonly Algorithm[]): string {
  const document = algorithms.map(({ name, version, summary, input, cost, columns }) => ({
    name,
    version,
    summary,
    input,
    cost,
    columns,
  }));
  return jsonDocument(document);
}

/** The same for people. */
export function algorithmsText(algorithms: readonly Algorithm[]): string {
  const rows = algorithms.map(({ name, version, summary, input, cost }) => {
    const seconds = cost.perTrackSeconds + cost.perAudioSecond * DEFAULT_DURATION_SECONDS;
    return [name, version, needsOf({ input }), `${seconds.toFixed(3)} s`, summary];
  });
  return table([['algorithm', 'version', 'needs', 'CPU of 4 min', ''], ...rows], [3]);
}

function needsOf({ input }: Pick<Algorithm, 'input'>): string {
  if (input.kind === 'lyrics') return 'lyrics';
  return readsLyrics({ input }) ? 'audio (lyrics help)' : 'audio';
}
