/**
 * What a program writes on stderr, kept within bounds however much it is: the first lines (what it opened,
 * the first error) and the last ones (its closing figures), each cut to a sane length.
 */
export class LineLog {
  static readonly #FIRST_LINES = 64;
  static readonly #LAST_LINES = 256;
  static readonly #LINE_LENGTH = 512;

  readonly #first: string[] = [];
  readonly #last: string[] = [];
  readonly #watched: readonly RegExp[];
  readonly #seen = new Map<RegExp, string>();
  #partial = '';
  #dropped = 0;

  /** `watched`: the first line that matches each is remembered wherever it stands (see {@link seen}). */
  constructor(watched: readonly RegExp[] = []) {
    this.#watched = watched;
  }

  append(text: string): void {
    const lines = text.split(/[\r\n]+/);
    lines[0] = this.#partial + lines[0];
    this.#partial = (lines.pop() ?? '').slice(0, LineLog.#LINE_LENGTH);
    for (const line of lines) this.#add(line.slice(0, LineLog.#LINE_LENGTH));
  }

  /** Takes what was left without a line end. */
  end(): void {
    this.#add(this.#partial);
    this.#partial = '';
  }

  /** The lines that were kept, in order. */
  get lines(): readonly string[] {
    return [...this.#first, ...this.#last];
  }

  /** How many lines were left out between the first and the last ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The first line that matched `pattern`, one of those watched for. */
  seen(pattern: RegExp): string | undefined {
    return this.#seen.get(pattern);
  }

  #add(line: string): void {
    if (line === '') return;
    for (const pattern of this.#watched) {
      if (!this.#seen.has(pattern) && pattern.test(line)) this.#seen.set(pattern, line);
    }
    if (this.#first.length < LineLog.#FIRST_LINES) {
      this.#first.push(line);
      return;
    }
    this.#last.push(line);
    if (this.#last.length > LineLog.#LAST_LINES) {
      this.#last.shift();
      this.#dropped += 1;
    }
  }
}
