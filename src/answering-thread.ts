import { extname } from 'node:path';
import { type Transferable, Worker } from 'node:worker_threads';

/** A thread whose program answers every message with one of its own, in order. */
export class AnsweringThread<Request, Answer> {
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<Answer>[] = [];
  readonly #what: string;
  /** Why nothing is answered any more. */
  #end: unknown;

  /**
   * @param options.program Its name without an extension: it has that of `beside`, built or run from source.
   * @param options.beside The URL of a module in the same folder.
   * @param options.what Follows "the thread that" in the message of an error.
   * @param options.data What the program finds as its `workerData`.
   */
  constructor(options: {
    readonly program: string;
    readonly beside: string;
    readonly what: string;
    readonly data?: unknown;
  }) {
    const { program, beside, what, data } = options;
    this.#what = what;
    this.#worker = new Worker(new URL(`${program}${extname(beside)}`, beside), { workerData: data });
    this.#worker.on('message', (answer: Answer) => this.#waiting.shift()?.resolve(answer));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error(`the thread that ${this.#what} has ended`)));
  }

  /** Requests that it has not answered yet. */
  get queued(): number {
    return this.#waiting.length;
  }

  /**
   * The answer to a request; what is in `transferred` is the thread's from here on.
   * @throws what ended the thread, or that it has ended
   */
  ask(request: Request, transferred: Transferable[]): Promise<Answer> {
    const asked = Promise.withResolvers<Answer>();
    if (this.#end !== undefined) asked.reject(this.#end);
    else {
      this.#waiting.push(asked);
      this.#worker.postMessage(request, transferred);
    }
    return asked.promise;
  }

  /** Ends the thread, whatever it is at: what it has not answered it never will. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.#end ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
