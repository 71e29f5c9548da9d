/**
 * ffmpeg command lines with one input and many outputs, built by fluent-ffmpeg. This file is its only
 * importer: it builds the arguments, child-program.ts runs them.
 * See docs/decisions/2026-11-21-fluent-ffmpeg.md.
 */
import ffmpeg from 'fluent-ffmpeg';

/** A filter with its named options; a chain of them has no labels. */
export interface Filter {
  readonly filter: string;
  readonly options: Readonly<Record<string, string | number>>;
}

export interface Output {
  /** `pipe:3`, `file:/scratch/aac-96.m4a`, or `-` where the format writes nothing. */
  readonly target: string;
  /** ffmpeg's name of the muxer. */
  readonly format: string;
  readonly filters: readonly Filter[];
  /** Other output options, each with its value. */
  readonly options: readonly (readonly [option: string, value: string])[];
}

/** What fluent-ffmpeg makes of a command; not part of its typed interface, and final: 2.1.3 is its last version. */
interface ArgumentList {
  _getArguments(): string[];
}

/** The arguments of one ffmpeg run that decodes `input` once and serves every output. */
export function commandLine(
  input: { readonly url: string; readonly options: readonly string[] },
  outputs: readonly Output[],
): readonly string[] {
  // The rest-parameter forms take options as they are; a list would be split at blanks.
  const command = ffmpeg(input.url);
  const [option = '', ...options] = input.options;
  command.inputOptions(option, ...options);
  for (const output of outputs) {
    command
      .output(output.target)
      .format(output.format)
      .audioFilters([...output.filters]);
    for (const [name, value] of output.options) command.outputOptions(name, value);
  }
  return (command as unknown as ArgumentList)._getArguments();
}
