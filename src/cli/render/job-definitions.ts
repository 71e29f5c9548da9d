import type { DefinitionComparison, DefinitionRegistration } from '../../operations/job-definitions.ts';
import { table } from './table.ts';

/** What a new revision of each definition would change, for people. */
export function comparisonText(comparisons: readonly DefinitionComparison[]): string {
  return comparisons
    .map(({ name, state, registered, differences }) => {
      if (state === 'new') return `${name} is not registered yet\n`;
      if (state === 'same') return `${registered} is as it should be\n`;
      const lines = differences.map(({ path, registered: before, wanted }) => [
        `  ${path}`,
        `${value(before)} -> ${value(wanted)}`,
      ]);
      return `${registered} differs\n${table(lines)}`;
    })
    .join('');
}

/** What was registered, for people: a revision a line, first on its line. */
export function registrationText(registrations: readonly DefinitionRegistration[]): string {
  return table(registrations.map(({ revision, made }) => [revision, made ? 'registered' : 'unchanged']));
}

function value(of: unknown): string {
  return of === undefined ? '(none)' : JSON.stringify(of);
}
