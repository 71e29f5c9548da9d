import { Command } from 'commander';
import type { ExitSlot } from './exit.ts';

/** `backfill help`: `--help` for those who look for a command of that name. */
export function helpCommand(_exit: ExitSlot): Command {
  const help = new Command('help')
    .description('show the help of a command')
    .argument('[command...]', 'which command (default: backfill itself)')
    .addHelpText('after', '\nExamples:\n  backfill help run\n  backfill help results export');
  return help.action((names: readonly string[]) => {
    let shown = help.parent as Command;
    for (const name of names) {
      const command = shown.commands.find((candidate) => candidate.name() === name);
      if (command === undefined) return shown.error(`error: unknown command '${name}'`);
      shown = command;
    }
    shown.outputHelp();
  });
}

/** The words that call a command: `backfill results export`. */
export function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}
