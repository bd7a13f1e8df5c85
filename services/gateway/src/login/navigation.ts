import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { chooserOf, Refusal } from '@atlas/runtime/gateway';
import { isTarget } from '../forward/requestTarget.ts';

const choose = chooserOf({ id: 'page', responses: { 200: { kind: 'json', texts: ['text/html'] } } });

/** Whether a request prefers a page to JSON (RFC 9110, section 12.5.1). `*` is not a preference. */
function prefersPage({ accept }: IncomingHttpHeaders): boolean {
  try {
    return choose?.(accept) === 'text/html';
  } catch (error) {
    // it accepts neither
    if (error instanceof Refusal) return false;
    throw error;
  }
}

const SAFE: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD']);

/**
 * Whether a person will look at the answer: a page is preferred, and the browser does not say that the request is for
 * something else (Fetch Metadata, section 2.2).
 */
export function isForPerson({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const mode = headers['sec-fetch-mode'];
  return (mode === undefined || mode === 'navigate') && prefersPage(headers);
}

/** Whether a person is going to a page, by GET or HEAD. */
export function isNavigation(request: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return SAFE.has(request.method) && isForPerson(request);
}

/**
 * Whether a cookie may identify the caller. Only for GET and HEAD, so that nobody can make a browser send a command.
 * Not with a token, which always wins. And not for content that another site loads into its page (Fetch Metadata,
 * section 2.4).
 */
export function mayUseCookie({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  const isOwn = site === undefined || site === 'same-origin' || site === 'none';
  return SAFE.has(method) && headers.authorization === undefined && (isOwn || headers['sec-fetch-mode'] === 'navigate');
}

/** A longer path would make the cookie of a login too large. */
const MAX_RETURN_TO = 1_000;

/** Where a person goes after the login: this path if it is a path of the gateway itself, else `/`. */
export function returnToOf(text: string | undefined, publicUrl: string): string {
  const isOwn =
    text !== undefined &&
    text.length <= MAX_RETURN_TO &&
    isTarget(text) &&
    URL.canParse(text, publicUrl) &&
    new URL(text, publicUrl).origin === publicUrl;
  return isOwn && !/^\/(login|logout)(?![^/?])/.test(text) ? text : '/';
}
