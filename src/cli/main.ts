import { Command, CommanderError } from 'commander';
import { algorithmsCommand } from './algorithms.ts';
import { attemptCommand } from './attempt.ts';
import { cancelCommand } from './cancel.ts';
import { doctorCommand } from './doctor.ts';
import { EXIT } from './exit.ts';
import { addAwsOptions, exportAwsOptions } from './options.ts';
import { commandPath, helpCommand } from './help.ts';
import { jobdefsCommand } from './jobdefs.ts';
import { logsCommand } from './logs.ts';
import { matchCommand } from './match.ts';
import { finishOutput, print, say, watchOutput } from './output.ts';
import { planCommand } from './plan.ts';
import { renderError } from './render/error.ts';
import { terminalColumns } from './render/terminal.ts';
import { usageText } from './render/usage.ts';
import { resultsCommand } from './results.ts';
import { resumeCommand } from './resume.ts';
import { retryFailedCommand } from './retry-failed.ts';
import { runCommand } from './run.ts';
import { statusCommand } from './status.ts';
import { tryCommand } from './try.ts';
import { VERSION } from './version.ts';
import { verifyCommand } from './verify.ts';
import { workerCommand } from './worker.ts';

const DESCRIPTION = `Runs audio and lyrics algorithms over a whole music catalogue: reads a CSV
manifest of tracks, cuts it into shards, works them on all cores or as array
jobs of AWS Batch, and writes compact results. Kill it at any time: backfill
resume goes on from the last checkpoint.`;

const EPILOGUE = `
Examples:
  backfill run manifest.csv                        all algorithms, all tracks
  backfill run manifest.csv -a fingerprint,chorus  two of them
  backfill run manifest.csv --executor batch       on AWS (see jobdefs, doctor)
  backfill status                                  how far the newest run is
  backfill retry-failed --transient                once more what may work now
  backfill results export --algorithm chorus       results as JSON lines
  backfill match track-17 song.mp3                 are they one recording?
  backfill try pitch song.mp3                      one file, now

Exit codes:
  0    all done
  1    finished, and some tracks failed
  2    wrong usage or bad input
  3    the run could not go on, or what it prints could not be written
  130  interrupted, and how to resume is on stderr`;

/** Help is as wide as the terminal, up to here; lines that are longer read badly. */
const MAX_HELP_WIDTH = 110;
/** Commands that backfill starts itself. */
const WORKERS: readonly string[] = ['worker', 'attempt'];

/** Where there is no terminal, or one that does not say how wide it is. */
const PIPED_HELP_WIDTH = 80;

/**
 * Runs the command line.
 * @param args without the program's own two
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  const exit = { code: EXIT.done as number };
  const program = new Command('backfill')
    .description(DESCRIPTION)
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .addHelpText('after', EPILOGUE)
    .helpCommand(false)
    .configureHelp({
      helpWidth: Math.min(terminalColumns(process.stdout) ?? PIPED_HELP_WIDTH, MAX_HELP_WIDTH),
    })
    .exitOverride();
  inherit(undefined, program);
  for (const define of [
    runCommand,
    planCommand,
    statusCommand,
    resumeCommand,
    retryFailedCommand,
    cancelCommand,
    logsCommand,
    resultsCommand,
    verifyCommand,
    matchCommand,
    tryCommand,
    algorithmsCommand,
    doctorCommand,
    jobdefsCommand,
    helpCommand,
  ]) {
    program.addCommand(inherit(program, define(exit)));
  }
  program.hook('preAction', (_, command) => exportAwsOptions(command.opts()));
  for (const define of [workerCommand, attemptCommand]) {
    program.addCommand(inherit(program, define(exit)), { hidden: true });
  }
  watchOutput();
  // A file that grows over its limit (ulimit -f) is an error then, which is told as any other, and no death.
  process.on('SIGXFSZ', () => {});
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    exit.code = tell(error);
  }
  // What a worker comes to is in the store, and its exit code is about that alone.
  return WORKERS.includes(args[0] ?? '') ? exit.code : finishOutput(exit.code);
}

/** Says what has ended a command; returns the exit code. */
function tell(error: unknown): number {
  // commander has said it.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const { text, code } = renderError(error);
  say(text);
  return code;
}

/**
 * Gives a command and those below it the settings of their parent, and error messages that name them; and
 * those that open a store what opening one in S3 takes.
 */
function inherit(parent: Command | undefined, command: Command): Command {
  if (parent !== undefined) command.copyInheritedSettings(parent);
  command.configureOutput({
    writeOut: print,
    writeErr: say,
    outputError: (text) => say(usageText(text, commandPath(command), command.registeredArguments.length > 0)),
  });
  if (command.options.some((option) => option.attributeName() === 'store')) addAwsOptions(command);
  for (const sub of command.commands) inherit(command, sub);
  return command;
}
