/**
 * An error of the argument parser in the form of all our errors: one line that names the wrong value, and
 * one that says what to do.
 * @param text as commander has it: `error: ...`, mostly with a full stop somewhere
 * @param command the words that call the command that was misused
 * @param takesNames whether it has arguments, which may be names that begin with a dash
 */
export function usageText(text: string, command: string, takesNames = false): string {
  const message = text
    .trim()
    .replace(/^error: /, '')
    .replace(/ is invalid\. (\w)/, (_, letter: string) => ` is invalid: ${letter.toLowerCase()}`)
    .replace(/\. Expected /, ': expected ')
    .replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?')
    .replace(/\.$/, '');
  const dashed = takesNames ? /^unknown option '(-[^']*)'/.exec(message)?.[1] : undefined;
  const name =
    dashed === undefined
      ? ''
      : `  a name that begins with a dash goes last, behind --: ${command} -- ${dashed}\n`;
  return `backfill: ${message}\n  ${nextStep(message, command)}\n${name}`;
}

/** What a person who got this message would type next. */
function nextStep(message: string, command: string): string {
  const manifest = /^unknown command '(.+\.csv(?:\.gz|\.zst)?)'/.exec(message)?.[1];
  if (manifest !== undefined) return `backfill run ${manifest} works a manifest`;
  return message.startsWith('unknown command')
    ? `${command} --help lists the commands`
    : `${command} --help shows its arguments and options`;
}
