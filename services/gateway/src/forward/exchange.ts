import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { answerHeaders, type Own } from './answerHeaders.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The client has left before the answer began. */
export class ClientGone extends Error {}

/** The service did not begin to answer in time. */
export class NoAnswerInTime extends Error {}

/** Looks at an answer while it goes to the client. */
export interface Tap {
  /** Called when the answer begins. Returns true if the answer must not go to the client. */
  head(status: number, headers: Headers): boolean;
  data(chunk: Buffer): void;
  /** Called when the answer is complete. */
  end(): void;
}

/**
 * One request to a service, whose answer goes to a client piece by piece. The service is paused while the client does
 * not read. If either side ends too early, the other one is ended as well, and the client sees a broken answer.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** Resolves when the answer begins, or if the client leaves before. Rejects if there is no answer. */
  readonly begun: Promise<void>;
  /** Resolves when everything was sent, or either side has left. */
  readonly ended: Promise<void>;
  /** Whether the request was sent to the service, which may therefore have carried it out. */
  wasSent = false;
  /** Whether the answer broke off after its beginning. */
  isBroken = false;
  readonly #to: ServerResponse;
  readonly #own: Own;
  readonly #tap: Tap | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #begun = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  #controller: Dispatcher.DispatchController | undefined;
  #reason: Error | undefined;
  #hasBegun = false;
  /** Whether the tap took the answer, so that the client did not get it. */
  isTapped = false;
  #isWaiting = false;

  /** `own` are headers of the answer that the service may replace. */
  constructor(to: ServerResponse, { own, timeoutMs, tap }: { own: Own; timeoutMs: number; tap?: Tap | undefined }) {
    this.#to = to;
    this.#own = own;
    this.#tap = tap;
    this.begun = this.#begun.promise;
    this.ended = this.#ended.promise;
    this.#timer = setTimeout(() => this.abort(new NoAnswerInTime(`no answer in ${timeoutMs} ms`)), timeoutMs);
  }

  /** Ends the request to the service, even if it has not been sent yet. */
  abort(reason: Error): void {
    this.#reason ??= reason;
    if (this.#controller) this.#controller.abort(reason);
    else this.#failed(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#reason) controller.abort(this.#reason);
    else this.wasSent = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    clearTimeout(this.#timer);
    this.isTapped = this.#tap?.head(status, headers) === true;
    if (!this.isTapped) this.#to.writeHead(status, answerHeaders(headers, this.#own));
    this.#hasBegun = true;
    this.#begun.resolve();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#tap?.data(chunk);
    if (this.isTapped || this.#to.write(chunk) || this.#isWaiting) return;
    this.#isWaiting = true;
    controller.pause();
    this.#to.once('drain', () => {
      this.#isWaiting = false;
      controller.resume();
    });
  }

  onResponseEnd(): void {
    if (!this.isTapped) this.#to.end();
    this.#tap?.end();
    this.#ended.resolve();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#failed(this.#reason ?? error);
  }

  #failed(error: Error): void {
    clearTimeout(this.#timer);
    if (this.#hasBegun) {
      this.isBroken = !(error instanceof ClientGone);
      if (!this.isTapped) this.#to.destroy();
    } else if (error instanceof ClientGone) this.#begun.resolve();
    else this.#begun.reject(error);
    this.#ended.resolve();
  }
}
