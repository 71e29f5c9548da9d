import { Command, Option } from 'commander';
import { EXIT, type ExitSlot } from './exit.ts';
import { MAX_DURATION_SECONDS, addAwsOptions, fileName, jsonOption, language } from './options.ts';
import { printResult, say } from './output.ts';

interface TryCommandOptions {
  readonly lyrics?: string;
  readonly language?: string;
  readonly ladder?: string;
  readonly output: string;
  readonly json?: boolean;
}

/** `backfill try`. */
export function tryCommand(exit: ExitSlot): Command {
  const command = new Command('try')
    .description('run one algorithm on one file, now, with the result on stdout')
    .argument('<algorithm>', 'its name: see backfill algorithms')
    .argument('<file>', 'audio, a file or s3://bucket/key; for romanisation, the lyrics (LRC or text)')
    .addOption(
      new Option(
        '--lyrics <file>',
        'the lyrics that belong to the audio, named like it: chorus is surer with them',
      ).argParser(fileName),
    )
    .addOption(
      new Option(
        '--language <tag>',
        'the language of the lyrics: ja, yue, ko, zh (default: found out)',
      ).argParser(language),
    )
    .addOption(
      new Option('--ladder <name|file>', 'what transcode encodes into: a preset, or a JSON file').argParser(
        fileName,
      ),
    )
    .addOption(
      new Option('-o, --output <folder>', 'where transcode puts its files').argParser(fileName).default('.'),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
With --json the row is printed as results export has it; without, long values
are cut. Exit code 1: the algorithm failed on the file, as it would in a run.

Examples:
  backfill try fingerprint song.mp3
  backfill try chorus song.mp3 --lyrics song.lrc
  backfill try pitch song.mp3 --json > pitch.json
  backfill try romanisation song.lrc --language ja
  backfill try transcode song.wav -o /tmp/renditions
  backfill try chorus s3://bucket/songs/song.flac`,
    )
    .action(async (name: string, source: string, options: TryCommandOptions) => {
      const { openSources } = await import('../compose.ts');
      const { selectAlgorithms } = await import('../algorithms/registry.ts');
      const { readLadder } = await import('../operations/read-ladder.ts');
      const { TrackFailure } = await import('../failures.ts');
      const { requirePrograms } = await import('../operations/diagnose.ts');
      const { tryAlgorithm } = await import('../operations/try-algorithm.ts');
      const { rowText } = await import('./render/row.ts');
      const ladder = options.ladder === undefined ? undefined : await readLadder(options.ladder);
      const algorithms = selectAlgorithms([name], ladder);
      await requirePrograms(algorithms);
      for (const algorithm of algorithms) {
        try {
          const row = await tryAlgorithm({
            algorithm,
            source,
            lyrics: options.lyrics,
            language: options.language,
            outputDirectory: options.output,
            maxSourceBytes: Number.MAX_SAFE_INTEGER,
            maxDurationSeconds: MAX_DURATION_SECONDS,
            openSources,
            signal: new AbortController().signal,
          });
          printResult(
            options.json,
            () => `${JSON.stringify(row)}\n`,
            () => rowText(row),
          );
        } catch (error) {
          if (!(error instanceof TrackFailure)) throw error;
          say(`backfill: ${name} failed on ${source}: ${error.code}: ${error.message}\n`);
          exit.code = EXIT.someFailed;
        }
      }
    });
  return addAwsOptions(command);
}
