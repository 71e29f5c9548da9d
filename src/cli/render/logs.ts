import type { NotStarted, ShardLog, ShardLogs } from '../../operations/shard-logs.ts';
import { count } from './quantities.ts';

/** So many reasons of jobs that never started are shown: a reason may name the instance. */
const MAX_REASONS_SHOWN = 5;

/** What workers said, and why others never came to say anything, for people. */
export function logsText({ logs, notStarted, forgotten }: ShardLogs): string {
  const reasons = notStarted.slice(0, MAX_REASONS_SHOWN).map(reasonText);
  const more = notStarted.length - reasons.length;
  const paragraphs = [
    ...logs.map((log) => `${heading(log)}\n${body(log)}`),
    ...(reasons.length === 0 ? [] : [reasons.join('')]),
    ...(more > 0 ? [`and ${count(more)} more reasons\n`] : []),
    ...(forgotten > 0
      ? [
          `AWS Batch does not know the jobs of ${count(forgotten)} unfinished shard${forgotten === 1 ? '' : 's'}: it keeps them for a week or so\n`,
        ]
      : []),
  ];
  return paragraphs.length === 0 ? 'no worker has failed\n' : paragraphs.join('\n');
}

function reasonText({ reason, shards }: NotStarted): string {
  return `${shards === 1 ? '1 shard' : `${count(shards)} shards`} without an attempt: ${reason === '' ? 'Batch does not say why' : reason}\n`;
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
