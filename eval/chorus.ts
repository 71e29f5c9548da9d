import { scoreRenderedSections } from './chorus/rendered-sections.ts';
import { type ScoredGroup, scoreSungChoruses } from './chorus/sung-choruses.ts';
import {
  type Evaluation,
  type EvaluationContext,
  type EvaluationReport,
  Unavailable,
} from './harness/evaluation.ts';

/** Where previews start, and the sections of songs. */
export const chorusEvaluation: Evaluation = {
  name: 'chorus',
  summary: 'excerpts against choruses of sung songs, section boundaries against annotators of rendered ones',
  async run(context: EvaluationContext): Promise<EvaluationReport> {
    const groups: ScoredGroup[] = [await scoreSungChoruses(context)];
    const notes: string[] = [];
    try {
      groups.push(await scoreRenderedSections(context));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      notes.push(`rendered songs are left out: ${error.message}`);
    }
    const tables = groups.map(({ table }) => table).filter(({ songs }) => songs.length > 0);
    if (tables.length === 0) throw new Unavailable(['there is no labelled song', ...notes].join('; '));
    return {
      findings: groups.flatMap(({ findings }) => findings),
      tables,
      notes: [
        ...notes,
        ...groups.flatMap((group) => group.notes),
        'start off: seconds to the nearest start of a chorus; refrain off: to its first line that another repeats',
        'CPU s: of this process, after decoding, for 240 s',
      ],
    };
  },
};
