import { Command, InvalidArgumentError, Option } from 'commander';
import type { RegisterJobDefinitionRequest } from '../executor/batch/batch-api.ts';
import { STACK_NAMES } from '../executor/batch/stack-names.ts';
import type { ExitSlot } from './exit.ts';
import { addAwsOptions, jsonOption } from './options.ts';
import { printResult } from './output.ts';
import { jsonDocument } from './render/json.ts';
import { comparisonText, registrationText } from './render/job-definitions.ts';
import { VERSION } from './version.ts';

interface DefinitionOptions {
  readonly repository?: string;
  readonly tag: string;
  readonly image?: string;
  readonly jobRole?: string;
  readonly executionRole?: string;
  readonly logGroup: string;
  readonly file?: string;
  readonly json?: boolean;
}

/** As of diff(1). */
const EXIT_DIFFERENT = 1;

/** `backfill jobdefs` and its subcommands. */
export function jobdefsCommand(exit: ExitSlot): Command {
  return new Command('jobdefs')
    .description('compare and register the job definitions that runs on AWS Batch use')
    .helpCommand(false)
    .addCommand(diffCommand(exit))
    .addCommand(registerCommand())
    .addHelpText('after', '\nExamples:\n  backfill jobdefs diff --help\n  backfill jobdefs register --help');
}

function diffCommand(exit: ExitSlot): Command {
  return withOptions(new Command('diff'))
    .description('show how definitions differ from their newest revisions')
    .addHelpText(
      'after',
      `\nExit code 1 where something differs.\n\nExamples:\n  backfill jobdefs diff all --repository $REPOSITORY --job-role $JOB_ROLE \\\n    --execution-role $EXECUTION_ROLE`,
    )
    .action(async (names: readonly string[], options: DefinitionOptions) => {
      const { openBatch } = await import('../compose.ts');
      const { compareDefinitions } = await import('../operations/job-definitions.ts');
      const comparisons = await compareDefinitions(
        await openBatch(),
        await wantedDefinitions(names, options),
      );
      printResult(
        options.json,
        () => jsonDocument({ definitions: comparisons }),
        () => comparisonText(comparisons),
      );
      if (comparisons.some(({ state }) => state !== 'same')) exit.code = EXIT_DIFFERENT;
    });
}

function registerCommand(): Command {
  return withOptions(new Command('register'))
    .description('register definitions that are new or differ')
    .addHelpText(
      'after',
      `\nImages are registered by digest. Doing it twice makes no second revision.\n\nExamples:\n  backfill jobdefs register --repository $REPOSITORY --job-role $JOB_ROLE \\\n    --execution-role $EXECUTION_ROLE\n  backfill jobdefs register --file mine.json --image \${REPOSITORY}:all-1 \\\n    --job-role $JOB_ROLE --execution-role $EXECUTION_ROLE`,
    )
    .action(async (names: readonly string[], options: DefinitionOptions) => {
      const { openBatch } = await import('../compose.ts');
      const { registerDefinitions } = await import('../operations/job-definitions.ts');
      const registrations = await registerDefinitions(
        await openBatch(),
        await wantedDefinitions(names, options),
      );
      printResult(
        options.json,
        () => jsonDocument({ definitions: registrations }),
        () => registrationText(registrations),
      );
    });
}

function withOptions(command: Command): Command {
  command
    .argument('[names...]', 'all, fingerprint, chorus, pitch, romanisation, transcode (default: each)')
    .addOption(
      new Option('--repository <uri>', 'ECR repository with the images <name>-<tag>').env(
        'BACKFILL_REPOSITORY',
      ),
    )
    .addOption(new Option('--tag <tag>', 'which images of the repository').default(VERSION))
    .addOption(new Option('--image <uri>', 'one image for all that are named, in the place of --repository'))
    .addOption(
      new Option('--job-role <arn>', 'what workers may do').env('BACKFILL_JOB_ROLE').argParser(roleArn),
    )
    .addOption(
      new Option('--execution-role <arn>', 'what fetches images and writes logs')
        .env('BACKFILL_EXECUTION_ROLE')
        .argParser(roleArn),
    )
    .addOption(
      new Option('--log-group <name>', 'where output goes')
        .env('BACKFILL_LOG_GROUP')
        .default(STACK_NAMES.logGroup),
    )
    .addOption(
      new Option(
        '--file <json>',
        'a definition of your own for its workers: other mounts, variables or limits',
      ),
    )
    .addOption(jsonOption());
  return addAwsOptions(command);
}

async function wantedDefinitions(
  names: readonly string[],
  options: DefinitionOptions,
): Promise<RegisterJobDefinitionRequest[]> {
  const { EcrImages } = await import('../executor/batch/container-images.ts');
  const { prepareDefinitions } = await import('../operations/job-definitions.ts');
  const { file, image, repository, tag, jobRole, executionRole, logGroup } = options;
  return prepareDefinitions(
    {
      names,
      file,
      image: { image, repository, tag },
      values: {
        logGroup,
        ...(jobRole === undefined ? {} : { jobRoleArn: jobRole }),
        ...(executionRole === undefined ? {} : { executionRoleArn: executionRole }),
      },
    },
    new EcrImages(),
  );
}

/** Batch takes roles by their ARN alone, and says no word about it before a job starts. */
function roleArn(text: string): string {
  if (!/^arn:[a-z-]+:iam::\d{12}:role\/.+$/.test(text)) {
    throw new InvalidArgumentError('arn:aws:iam::123456789012:role/... is expected');
  }
  return text;
}
