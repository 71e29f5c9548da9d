import type { ShardLog } from '../../operations/shard-logs.ts';

/** What workers said, for people. */
export function logsText(logs: readonly ShardLog[]): string {
  if (logs.length === 0) return 'no worker has failed\n';
  return logs.map((log) => `${heading(log)}\n${body(log)}`).join('\n');
}

function heading({ shard, attempt, exitCode, reason }: ShardLog): string {
  const code = exitCode === undefined ? undefined : `exit code ${exitCode}`;
  const how = [code, reason].filter((words) => words !== undefined).join(', ');
  return `shard ${shard}, attempt ${attempt}${how === '' ? '' : `: ${how}`}`;
}

function body({ stream, lines }: ShardLog): string {
  if (stream === undefined) return '    (its container never started)\n';
  if (lines.length === 0) return '    (it said nothing, or the log is gone)\n';
  return lines.map((line) => `    ${line}\n`).join('');
}
