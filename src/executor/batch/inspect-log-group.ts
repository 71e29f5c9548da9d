import { type Finding, bad, good } from './inspect-finding.ts';
import type { LogGroups } from './log-groups.ts';

/** Whether containers' output has somewhere to go: without its group a container does not even start. */
export async function inspectLogGroup(groups: LogGroups, group: string): Promise<readonly Finding[]> {
  const name = 'log group';
  const found = await groups.find(group);
  if (found === undefined) {
    return [
      bad(name, `there is no log group ${group}`, `aws logs create-log-group --log-group-name ${group}`),
    ];
  }
  return found.retentionDays === undefined
    ? [
        good(
          name,
          `${group} keeps lines for ever`,
          `aws logs put-retention-policy --log-group-name ${group} --retention-in-days 30`,
        ),
      ]
    : [good(name, `${group} keeps lines for ${found.retentionDays} days`)];
}
