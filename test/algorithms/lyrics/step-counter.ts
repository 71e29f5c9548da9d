import { type Profiler, Session } from 'node:inspector';
import { CountedRegExp } from './counted-regexp.ts';

/** The code whose blocks are counted: the rooms that read lyrics, and the libraries they hand lines to. */
const COUNTED_CODE = /\/src\/algorithms\/|\/node_modules\/(?:kuromoji|pinyin-pro|to-jyutping)\//;

/** What a built-in function goes through, in characters or elements. */
type Cost = (subject: { readonly length: number }, args: readonly unknown[], result: unknown) => number;

const whole: Cost = (subject) => subject.length;
const lengthOf = (value: unknown): number =>
  typeof value === 'string' || Array.isArray(value) ? value.length : 0;
const ofResult: Cost = (_, __, result) => lengthOf(result);
const ofBoth: Cost = (subject, _, result) => subject.length + lengthOf(result);
const toFound: Cost = (subject, args, result) =>
  typeof result === 'number' && result >= 0 ? Math.abs(result - (Number(args[1]) || 0)) : subject.length;

const STRING_COSTS: Readonly<Record<string, Cost>> = {
  endsWith: (_, args) => lengthOf(args[0]),
  includes: whole,
  indexOf: toFound,
  lastIndexOf: whole,
  normalize: whole,
  repeat: ofResult,
  replace: ofBoth,
  replaceAll: ofBoth,
  slice: ofResult,
  split: ofBoth,
  startsWith: (_, args) => lengthOf(args[0]),
  substring: ofResult,
  toLowerCase: whole,
  toUpperCase: whole,
  trim: whole,
  trimEnd: whole,
  trimStart: whole,
};

const ARRAY_COSTS: Readonly<Record<string, Cost>> = {
  concat: ofResult,
  fill: whole,
  flat: ofBoth,
  includes: whole,
  indexOf: toFound,
  join: ofBoth,
  push: (_, args) => args.length,
  reverse: whole,
  shift: whole,
  slice: ofResult,
  splice: whole,
  toReversed: whole,
  toSorted: whole,
  unshift: whole,
};

/**
 * Counts what code does, whatever machine it runs on: how often each block of it is entered (by the engine's precise
 * coverage), the steps of its regular expressions, and the characters and elements that built-in functions go through.
 * Modules have to be loaded after it was made: only what is compiled from then on has its blocks counted.
 */
export class StepCounter {
  readonly #session = new Session();
  readonly #patterns = new Map<string, CountedRegExp>();
  #steps = 0;
  #counts = false;

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  close(): void {
    this.#session.disconnect();
  }

  /** The steps of one run, also of one that fails. Infinite where a regular expression has no end of them. */
  async count(run: () => unknown): Promise<number> {
    const restore = this.#replaceBuiltIns();
    this.#blocks();
    this.#steps = 0;
    this.#counts = true;
    try {
      await run();
    } catch (error) {
      // What is refused is read as well, up to there.
      if (!(error instanceof Error) || error.name !== 'TrackFailure') throw error;
    } finally {
      this.#counts = false;
      restore();
    }
    return this.#steps + this.#blocks();
  }

  /** How often blocks were entered since it was last asked. */
  #blocks(): number {
    let blocks = 0;
    this.#session.post('Profiler.takePreciseCoverage', (error, coverage) => {
      if (error !== null) throw error;
      for (const script of coverage.result) if (COUNTED_CODE.test(script.url)) blocks += entered(script);
    });
    return blocks;
  }

  /** Puts functions that count in the place of built-in ones; gives what puts those back. */
  #replaceBuiltIns(): () => void {
    const restores = [
      ...Object.entries(STRING_COSTS).map(([name, cost]) => this.#replace(String.prototype, name, cost)),
      ...Object.entries(ARRAY_COSTS).map(([name, cost]) => this.#replace(Array.prototype, name, cost)),
      this.#replaceIterator(String.prototype),
      this.#replaceIterator(Array.prototype),
      this.#replaceExec(),
    ];
    return () => {
      for (const restore of restores) restore();
    };
  }

  #replace(prototype: object, name: string, cost: Cost): () => void {
    type Method = (this: { readonly length: number }, ...args: unknown[]) => unknown;
    const original = Reflect.get(prototype, name) as Method;
    const add = (subject: { readonly length: number }, args: unknown[], result: unknown): void => {
      if (this.#counts) this.#steps += cost(subject, args, result);
    };
    return define(prototype, name, function (this: { readonly length: number }, ...args: unknown[]) {
      const result = Reflect.apply(original, this, args);
      add(this, args, result);
      return result;
    });
  }

  #replaceIterator(prototype: object): () => void {
    const original = Reflect.get(prototype, Symbol.iterator) as () => Iterator<unknown>;
    const add = (): void => {
      if (this.#counts) this.#steps++;
    };
    return define(prototype, Symbol.iterator, function (this: unknown) {
      const iterator = Reflect.apply(original, this, []);
      return {
        next: () => {
          add();
          return iterator.next();
        },
        [Symbol.iterator]() {
          return this;
        },
      };
    });
  }

  /** All that regular expressions do for strings goes through `exec`, once that is no longer the engine's own. */
  #replaceExec(): () => void {
    const { value } = Object.getOwnPropertyDescriptor(RegExp.prototype, 'exec') as {
      value: (this: RegExp, text: string) => RegExpExecArray | null;
    };
    const search = (pattern: RegExp, text: string, start: number, expected: RegExpExecArray | null): void => {
      if (!this.#counts) return;
      this.#counts = false;
      this.#steps += this.#searchSteps(pattern, text, start, expected);
      this.#counts = true;
    };
    return define(RegExp.prototype, 'exec', function (this: RegExp, text: string) {
      const start = this.global || this.sticky ? this.lastIndex : 0;
      const found = value.call(this, text);
      search(this, text, start, found);
      return found;
    });
  }

  #searchSteps(pattern: RegExp, text: string, start: number, expected: RegExpExecArray | null): number {
    let counted = this.#patterns.get(String(pattern));
    if (counted === undefined) this.#patterns.set(String(pattern), (counted = new CountedRegExp(pattern)));
    const { steps, found } = counted.search(text, start);
    const isSame =
      expected === null
        ? found === undefined
        : found?.from === expected.index && found.to === expected.index + expected[0].length;
    if (steps < Number.POSITIVE_INFINITY && !isSame) {
      throw new Error(`${String(pattern)} matches otherwise when it is counted, in ${JSON.stringify(text)}`);
    }
    return steps;
  }
}

/** Blocks are nested, and each has its own count. */
function entered({ functions }: Profiler.ScriptCoverage): number {
  return functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
}

function define(prototype: object, name: PropertyKey, value: unknown): () => void {
  const original = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
  Object.defineProperty(prototype, name, { ...original, value });
  return () => void Object.defineProperty(prototype, name, original);
}
