import type { Reply } from '@atlas/runtime/gateway';
import type { Tap } from '../forward/exchange.ts';
import { answerHeaders } from '../forward/answerHeaders.ts';
import { isProblem } from './problemPage.ts';

const MAX_BYTES = 65_536;

/** Catches a problem from a service, so that a person gets it as a page. Other answers pass unchanged. */
export class ProblemCatcher implements Tap {
  readonly #other: Tap | undefined;
  readonly #chunks: Buffer[] = [];
  #head: Omit<Reply, 'body'> | undefined;

  /** `other` is asked first. */
  constructor(other: Tap | undefined) {
    this.#other = other;
  }

  /** The problem, once it is complete. */
  get caught(): Reply | undefined {
    return this.#head && { ...this.#head, body: Buffer.concat(this.#chunks).toString() };
  }

  head(status: number, headers: Parameters<Tap['head']>[1]): boolean {
    if (this.#other?.head(status, headers) === true) return true;
    // a body of unknown length may be very long
    const isShort = Number(headers['content-length'] ?? MAX_BYTES + 1) <= MAX_BYTES;
    if (status < 400 || !isShort || headers['content-encoding'] !== undefined || !isProblem(headers['content-type']))
      return false;
    const { 'content-length': _, etag: _etag, ...kept } = answerHeaders(headers, {});
    this.#head = {
      status,
      headers: Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, String(value)])),
    };
    return true;
  }

  data(chunk: Buffer): void {
    if (this.#head) this.#chunks.push(chunk);
    else this.#other?.data(chunk);
  }

  end(): void {
    this.#other?.end();
  }
}
