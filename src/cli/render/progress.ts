import ora, { type Ora } from 'ora';
import type { SubmissionProgress } from '../../operations/submission-progress.ts';
import { progressParts } from './progress-text.ts';
import { canDrawOn, fitParts, terminalColumns } from './terminal.ts';

/** Where nothing can be drawn, a line is written this often. */
const LINE_SECONDS = 10;
const DRAW_MILLISECONDS = 500;

/** What stands before the text, and the last column: a character there would make some terminals go to a new line. */
const COLUMNS_BESIDE_TEXT = 3;

/**
 * Shows how far a run is: drawn on a terminal, a line every ten seconds elsewhere; always on stderr. A terminal that
 * does not say how wide it is gets lines; it may say so later, and another width at any time.
 */
export class ProgressView {
  readonly #out: NodeJS.WriteStream;
  readonly #adapt = (): void => this.#adaptToTerminal();
  #spinner: Ora | undefined;
  #drawing: NodeJS.Timeout | undefined;
  #lines: NodeJS.Timeout | undefined;
  #readProgress: () => SubmissionProgress | undefined = () => undefined;
  #written = '';
  #note = '';

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
    this.#lines = setInterval(() => this.#writeLine(), LINE_SECONDS * 1000);
    if (canDrawOn(out)) {
      out.on('resize', this.#adapt);
      this.#adaptToTerminal();
    }
  }

  /** What is asked from now on how far it is. */
  follow(readProgress: () => SubmissionProgress | undefined): void {
    this.#readProgress = readProgress;
  }

  /** What stands behind the progress from now on. */
  note(text: string): void {
    this.#note = text;
  }

  /** Writes a line for people between the progress. (While a spinner spins, it clears its own line before, and draws it again.) */
  say(line: string): void {
    this.#out.write(`${line}\n`);
  }

  /** Ends the progress; where nothing was drawn with a last line, so that a log tells how it ended. */
  close(): void {
    if (this.#lines === undefined) return;
    clearInterval(this.#lines);
    this.#lines = undefined;
    this.#out.off('resize', this.#adapt);
    if (this.#spinner === undefined) this.#writeLine();
    else this.#stopDrawing();
  }

  /**
   * The spinner divides by the width and clears as many lines as that gives: it must never run where the width is
   * unknown, and never has more than one line. This is called before anything is drawn at a new width.
   */
  #adaptToTerminal(): void {
    const columns = terminalColumns(this.#out);
    if (columns === undefined || columns <= COLUMNS_BESIDE_TEXT) {
      this.#stopDrawing();
    } else {
      this.#spinner ??= this.#startDrawing();
      this.#draw();
    }
  }

  #startDrawing(): Ora {
    this.#drawing = setInterval(() => this.#draw(), DRAW_MILLISECONDS);
    return ora({
      stream: this.#out,
      isEnabled: true,
      // ora does not heed https://no-color.org of itself.
      color: process.env.NO_COLOR ? false : 'cyan',
      // stdin is left alone, so that Ctrl-C stays a signal and typing does no harm.
      discardStdin: false,
      text: '',
    }).start();
  }

  #stopDrawing(): void {
    clearInterval(this.#drawing);
    this.#spinner?.stop();
    this.#spinner = undefined;
  }

  #draw(): void {
    const columns = (terminalColumns(this.#out) ?? 0) - COLUMNS_BESIDE_TEXT;
    if (this.#spinner !== undefined) this.#spinner.text = fitParts(this.#parts(columns), columns);
  }

  #writeLine(): void {
    if (this.#spinner !== undefined) return;
    const text = this.#parts(Number.POSITIVE_INFINITY).join(', ');
    if (text === this.#written || this.#readProgress() === undefined) return;
    this.#written = text;
    this.#out.write(`${text}\n`);
  }

  #parts(columns: number): string[] {
    const progress = this.#readProgress();
    const parts = progress === undefined ? ['starting workers'] : progressParts(progress, columns);
    return this.#note === '' ? parts : [...parts, this.#note];
  }
}
