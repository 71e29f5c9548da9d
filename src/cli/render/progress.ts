import ora, { type Ora } from 'ora';
import type { SubmissionProgress } from '../../operations/execute.ts';
import { count, duration, percent, plural } from './quantities.ts';

/** Where nothing can be drawn, a line is written this often. */
const LINE_SECONDS = 10;

/** Shows how far a run is: drawn on a terminal, a line every ten seconds elsewhere; always on stderr. */
export class ProgressView {
  readonly #out: NodeJS.WriteStream;
  readonly #clock: () => number;
  readonly #began: number;
  readonly #spinner: Ora | undefined;
  #timer: NodeJS.Timeout | undefined;
  #progress: SubmissionProgress = { done: 0, total: 0, failed: 0 };
  #written = '';
  #note = '';

  /** @param clock seconds, monotonic */
  constructor(out: NodeJS.WriteStream, clock: () => number = () => performance.now() / 1000) {
    this.#out = out;
    this.#clock = clock;
    this.#began = clock();
    if (out.isTTY && process.env.TERM !== 'dumb' && process.env.CI === undefined) {
      this.#spinner = ora({
        stream: out,
        // ora does not heed https://no-color.org of itself.
        color: process.env.NO_COLOR ? false : 'cyan',
        // stdin is left alone, so that Ctrl-C stays a signal and typing does no harm.
        discardStdin: false,
        text: 'starting workers',
      }).start();
      this.#timer = setInterval(() => this.#draw(), 500);
    } else {
      this.#timer = setInterval(() => this.#writeLine(), LINE_SECONDS * 1000);
    }
  }

  update(progress: SubmissionProgress): void {
    this.#progress = progress;
  }

  /** What stands behind the progress from now on. */
  note(text: string): void {
    this.#note = text;
  }

  /** Writes a line for people between the progress. */
  say(line: string): void {
    this.#spinner?.clear();
    this.#out.write(`${line}\n`);
    this.#spinner?.render();
  }

  /** Ends the progress; on no terminal with a last line, so that a log tells how it ended. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#spinner === undefined) this.#writeLine();
    else this.#spinner.stop();
  }

  #draw(): void {
    if (this.#spinner !== undefined) this.#spinner.text = this.#text();
  }

  #writeLine(): void {
    const text = this.#text();
    if (text === this.#written || this.#progress.total === 0) return;
    this.#written = text;
    this.#out.write(`${text}\n`);
  }

  #text(): string {
    const text = progressText(this.#progress, this.#clock() - this.#began);
    return this.#note === '' ? text : `${text}; ${this.#note}`;
  }
}

/** `12 of 48 tracks (25.0 %), 1.3 tracks/s, 28 s left, 2 failures`. */
export function progressText({ done, total, failed }: SubmissionProgress, seconds: number): string {
  const parts = [`${count(done)} of ${plural(total, 'track')} (${percent(done, total)})`];
  if (done > 0 && seconds > 0) {
    const rate = done / seconds;
    parts.push(rate >= 1 ? `${rate.toFixed(1)} tracks/s` : `${(rate * 60).toFixed(1)} tracks/min`);
    if (done < total) parts.push(`${duration((total - done) / rate)} left`);
  }
  parts.push(failed === 0 ? `no failures${done < total ? ' so far' : ''}` : plural(failed, 'failure'));
  return parts.join(', ');
}
