import type { ServerResponse } from 'node:http';
import { Refusal } from './problem.ts';

/** The `Refusal` if the client has left before its answer. Nobody reads it. */
export function clientLeft(): Refusal {
  return new Refusal({ code: 'malformed-request', detail: 'the client has left' });
}

/** Aborts once the client of a response has left. The reason is the `Refusal` of `clientLeft`. */
export function signalOf(response: ServerResponse): AbortSignal {
  const leaving = new AbortController();
  const abort = (): void => {
    if (!response.writableFinished) leaving.abort(clientLeft());
  };
  if (response.destroyed) abort();
  else response.once('close', abort);
  return leaving.signal;
}
