/**
 * How many steps a backtracking matcher takes: a regular expression is parsed and matched as ECMAScript defines it, which
 * is what the engine does but for its short cuts. Time depends on the machine; steps do not.
 */

/** More steps than this for one match are past counting. */
const MAX_STEPS = 2_000_000;

type Next = (position: number) => boolean;
type Matcher = (position: number, next: Next) => boolean;
type Flags = Pick<RegExp, 'ignoreCase' | 'multiline' | 'dotAll' | 'unicode'>;

/** One search. */
interface Run {
  text: string;
  steps: number;
}

class TooManySteps extends Error {}

/** A regular expression whose steps are counted. Back-references, named groups and the `v` flag are not known. */
export class CountedRegExp {
  readonly #run: Run = { text: '', steps: 0 };
  readonly #match: Matcher;
  readonly #sticky: boolean;

  constructor(pattern: RegExp) {
    if (pattern.unicodeSets) throw new Error(`${String(pattern)}: the v flag is not counted`);
    this.#match = new Parser(pattern.source, pattern, this.#run).parse();
    this.#sticky = pattern.sticky;
  }

  /**
   * Searches from `start` on.
   *
   * @returns the steps, infinite where they are too many, and where the match is; undefined where there is none.
   */
  search(text: string, start: number): { steps: number; found: { from: number; to: number } | undefined } {
    Object.assign(this.#run, { text, steps: 0 });
    try {
      for (let from = start; from <= text.length; from++) {
        let to = 0;
        const matches = this.#match(from, (position) => {
          to = position;
          return true;
        });
        if (matches) return { steps: this.#run.steps, found: { from, to } };
        if (this.#sticky) break;
      }
    } catch (error) {
      if (!(error instanceof TooManySteps)) throw error;
      return { steps: Number.POSITIVE_INFINITY, found: undefined };
    }
    return { steps: this.#run.steps, found: undefined };
  }
}

/** A character and the position behind it, in the direction of the match; undefined at the text's end. */
type Reader = (text: string, position: number) => readonly [character: string, behind: number] | undefined;

const LINE_TERMINATORS = '\n\r\u2028\u2029';

class Parser {
  readonly #source: string;
  readonly #flags: Flags;
  readonly #run: Run;
  #index = 0;
  #backward = false;

  constructor(source: string, flags: Flags, run: Run) {
    this.#source = source;
    this.#flags = flags;
    this.#run = run;
  }

  parse(): Matcher {
    const matcher = this.#choice();
    if (this.#index < this.#source.length) throw this.#unknown();
    return matcher;
  }

  #choice(): Matcher {
    const choices = [this.#sequence()];
    while (this.#take('|')) choices.push(this.#sequence());
    const [only] = choices;
    if (only !== undefined && choices.length === 1) return only;
    return (position, next) => choices.some((choice) => this.#step() && choice(position, next));
  }

  #sequence(): Matcher {
    const terms: Matcher[] = [];
    while (this.#index < this.#source.length && !'|)'.includes(this.#peek())) terms.push(this.#term());
    if (this.#backward) terms.reverse();
    return terms.reduceRight<Matcher>(
      (rest, term) => (position, next) => term(position, (behind) => rest(behind, next)),
      (position, next) => next(position),
    );
  }

  #term(): Matcher {
    if (this.#take('^')) return this.#edge((text, at) => at === 0 || this.#endsLine(text, at - 1));
    if (this.#take('$')) return this.#edge((text, at) => at === text.length || this.#endsLine(text, at));
    if (this.#take('\\b')) return this.#edge((text, at) => isWord(text, at - 1) !== isWord(text, at));
    if (this.#take('\\B')) return this.#edge((text, at) => isWord(text, at - 1) === isWord(text, at));
    if (this.#take('(?=')) return this.#look(false, false);
    if (this.#take('(?!')) return this.#look(false, true);
    if (this.#take('(?<=')) return this.#look(true, false);
    if (this.#take('(?<!')) return this.#look(true, true);
    if (this.#take('(?:') || (!this.#source.startsWith('(?', this.#index) && this.#take('('))) {
      const group = this.#choice();
      if (!this.#take(')')) throw this.#unknown();
      const counts = this.#quantifier();
      return counts === undefined ? group : this.#loop(group, counts);
    }
    const test = this.#character();
    const counts = this.#quantifier() ?? { min: 1, max: 1, lazy: false };
    return this.#characterLoop(test, counts);
  }

  #look(behind: boolean, negative: boolean): Matcher {
    const outer = this.#backward;
    this.#backward = behind;
    const inner = this.#choice();
    this.#backward = outer;
    if (!this.#take(')')) throw this.#unknown();
    return (position, next) => inner(position, () => true) !== negative && next(position);
  }

  #edge(holds: (text: string, at: number) => boolean): Matcher {
    return (position, next) => this.#step() && holds(this.#run.text, position) && next(position);
  }

  #endsLine(text: string, at: number): boolean {
    return this.#flags.multiline && LINE_TERMINATORS.includes(text.charAt(at));
  }

  /** What one character is tested by: the engine itself, for that character alone, once each. */
  #character(): (character: string) => boolean {
    const from = this.#index;
    if (this.#take('[')) {
      while (!this.#take(']')) this.#index += this.#peek() === '\\' ? 2 : 1;
    } else if (this.#take('\\')) {
      if (/[1-9k]/.test(this.#peek())) throw this.#unknown();
      const escape = /[pP]\{[^}]*\}|u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|c[a-z]|./iy;
      escape.lastIndex = this.#index;
      this.#index += escape.exec(this.#source)?.[0].length ?? 1;
    } else if ('*+?)'.includes(this.#peek())) throw this.#unknown();
    else this.#index += String.fromCodePoint(this.#source.codePointAt(this.#index) ?? 0).length;
    const { ignoreCase, dotAll, unicode } = this.#flags;
    const flags = (ignoreCase ? 'i' : '') + (dotAll ? 's' : '') + (unicode ? 'u' : '');
    const one = new RegExp(`^${this.#source.slice(from, this.#index)}$`, flags);
    const known = new Map<string, boolean>();
    return (character) => {
      let matches = known.get(character);
      if (matches === undefined) known.set(character, (matches = one.test(character)));
      return matches;
    };
  }

  #quantifier(): { min: number; max: number; lazy: boolean } | undefined {
    const quantifier = /(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/y;
    quantifier.lastIndex = this.#index;
    const found = quantifier.exec(this.#source);
    if (found === null) return undefined;
    this.#index += found[0].length;
    const [, sign, least, comma, most, lazy] = found;
    const min = sign === undefined ? Number(least) : Number(sign === '+');
    const max = sign === '?' ? 1 : Number(most) || (comma === '' ? min : Number.POSITIVE_INFINITY);
    return { min, max: sign === '*' || sign === '+' ? Number.POSITIVE_INFINITY : max, lazy: lazy === '?' };
  }

  #characterLoop(
    test: (character: string) => boolean,
    { min, max, lazy }: { min: number; max: number; lazy: boolean },
  ): Matcher {
    const read = reader(this.#flags.unicode, this.#backward);
    return (position, next) => {
      const positions = [position];
      const takeOne = (): boolean => {
        if (positions.length > max) return false;
        const one = read(this.#run.text, positions.at(-1) as number);
        if (!this.#step() || one === undefined || !test(one[0])) return false;
        positions.push(one[1]);
        return true;
      };
      if (lazy) {
        while (positions.length <= min) if (!takeOne()) return false;
        do if (next(positions.at(-1) as number)) return true;
        while (takeOne());
        return false;
      }
      while (takeOne());
      for (; positions.length > min; positions.pop()) {
        if (this.#step() && next(positions.at(-1) as number)) return true;
      }
      return false;
    };
  }

  #loop(one: Matcher, { min, max, lazy }: { min: number; max: number; lazy: boolean }): Matcher {
    const from = (count: number, position: number, next: Next): boolean => {
      this.#step();
      const another = (): boolean =>
        count < max &&
        one(position, (behind) => (behind !== position || count < min) && from(count + 1, behind, next));
      const done = (): boolean => count >= min && next(position);
      return lazy ? done() || another() : another() || done();
    };
    return (position, next) => from(0, position, next);
  }

  /** Always true. */
  #step(): boolean {
    if (++this.#run.steps > MAX_STEPS) throw new TooManySteps();
    return true;
  }

  #peek(): string {
    return this.#source.charAt(this.#index);
  }

  #take(token: string): boolean {
    if (!this.#source.startsWith(token, this.#index)) return false;
    this.#index += token.length;
    return true;
  }

  #unknown(): Error {
    return new Error(`/${this.#source}/ holds at ${this.#index} what is not counted`);
  }
}

function reader(unicode: boolean, backward: boolean): Reader {
  return (text, position) => {
    if (position === (backward ? 0 : text.length)) return undefined;
    const from = backward ? position - 1 : position;
    const pairFrom = backward ? position - 2 : position;
    const pair = unicode && pairFrom >= 0 && (text.codePointAt(pairFrom) ?? 0) > 0xffff;
    const start = pair ? pairFrom : from;
    const end = start + (pair ? 2 : 1);
    return [text.slice(start, end), backward ? start : end];
  };
}

function isWord(text: string, at: number): boolean {
  return /\w/.test(text.charAt(at));
}
