import { Command, Option } from 'commander';
import { EXIT, type ExitSlot } from './exit.ts';
import { MAX_DURATION_SECONDS, jsonOption, storeOption } from './options.ts';
import { printResult } from './output.ts';
import { jsonDocument } from './render/json.ts';

interface MatchCommandOptions {
  readonly store: string;
  readonly run?: string;
  readonly json?: boolean;
}

/** `backfill match`. */
export function matchCommand(exit: ExitSlot): Command {
  return new Command('match')
    .description('say whether two tracks or files are the same recording, and how far apart they begin')
    .argument('<a>', 'a file, s3://bucket/key, or the track_id of a fingerprinted track')
    .argument('<b>', 'what it is compared with, named likewise')
    .addOption(new Option('--run <run>', 'whose tracks are meant (default: the newest)'))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
A name is a file where there is one of that name, else a track of the run.
track:NAME is always a track, file:NAME always a file. Of both, the first 120 s
are compared, as AcoustID does; files are fingerprinted first.

Exit code 0: the same recording; 1: different, or too little to tell; 2: one
of them can not be compared.

Examples:
  backfill match song.mp3 other.ogg
  backfill match track-17 track-18 --run 20261121-031500-k79e3
  backfill match track:track-17 s3://bucket/songs/song.flac --json
  backfill match new.wav track-17 > /dev/null && echo "we have it already"`,
    )
    .action(async (a: string, b: string, options: MatchCommandOptions) => {
      const { openSources, openStore } = await import('../compose.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { matchRecordings } = await import('../operations/match-recordings.ts');
      const { matchText } = await import('./render/match.ts');
      const match = await matchRecordings([a, b], {
        openRun: async () => {
          const store = await openStore(options.store);
          return { store, run: await openRun(store, options.run) };
        },
        openSources,
        maxDurationSeconds: MAX_DURATION_SECONDS,
        signal: new AbortController().signal,
      });
      printResult(
        options.json,
        () => jsonDocument(match),
        () => matchText(match),
      );
      if (match.verdict !== 'same') exit.code = EXIT.someFailed;
    });
}
