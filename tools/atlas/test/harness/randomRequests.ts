import type { JsonValue } from '@atlas/ir';
import type { Api, Operation, Parameter } from '../../src/breaking/http/api.ts';
import type { RequestValue } from '../../src/breaking/http/exchange.ts';
import type { Dice } from '../../src/breaking/testing/dice.ts';
import type { Peer } from '../../src/breaking/testing/peers.ts';

/** A request that a client of the API may send, often with one thing that is odd or wrong. */
export function randomRequest(dice: Dice, peer: Peer, operation: Operation): RequestValue {
  const { request } = peer.request(dice, operation);
  const changed = dice.once(3) ? request : dice.pick(CHANGES)(request, dice);
  const headers = Object.entries(changed.headers).filter(([, text]) => /^[ -~]*$/.test(text));
  return { ...changed, headers: Object.fromEntries(headers) };
}

/** Whether clients send the path as it is written: segments of dots are taken away (WHATWG URL, section 4.4). */
export function isSendable({ url }: RequestValue): boolean {
  return URL.parse(url)?.pathname === targetOf(url).path;
}

/** Whether a list or an object has an empty text: one server reads that as an empty one, another as one empty item. */
export function hasEmptyList({ operations }: Api, { url, headers }: RequestValue): boolean {
  const { path, search } = targetOf(url);
  const isEmpty = ({ in: where, name, type }: Parameter): boolean => {
    if (type !== 'array' && type !== 'object') return false;
    if (where === 'header') return headers[name.toLowerCase()]?.trim() === '';
    if (where === 'query') return search.slice(1).split('&').includes(`${name}=`);
    return path.split('/').some((segment, index) => index > 0 && /^[.;]?$|^;\w+=$/.test(segment));
  };
  return operations.some(({ parameters }) => parameters.some(isEmpty));
}

type Change = (request: RequestValue, dice: Dice) => RequestValue;

const CHANGES: readonly Change[] = [
  (request, dice) => withPath(request, (path) => path.replace(/[^/]+$/, () => dice.pick(TEXTS))),
  (request, dice) =>
    withPath(request, (path) => path.replaceAll(/[^/]+/g, (one) => (dice.once(3) ? dice.pick(SEGMENTS) : one))),
  (request, dice) => withQuery(request, (query) => query.toSpliced(dice.below(query.length + 1), 1)),
  (request, dice) =>
    withQuery(request, (query) => query.map((pair) => (dice.once(2) ? otherText(pair, dice.pick(TEXTS)) : pair))),
  (request) => withQuery(request, (query) => query.toReversed()),
  // more than once: what that means for a member of an object is not known
  (request) => withQuery(request, (query) => query.flatMap((pair) => (/^[qr]=/.test(pair) ? [pair, pair] : [pair]))),
  (request, dice) =>
    withHeaders(request, (name, text) => (!name.startsWith('x-') ? text : dice.once(5) ? undefined : dice.pick(TEXTS))),
  (request, dice) =>
    withHeaders(request, (name, text) => (name.startsWith('x-') && dice.once(2) ? text.replaceAll(',', ', ') : text)),
  (request, dice) =>
    withHeaders(request, (name, type) =>
      name === 'content-type' ? dice.pick([`${type}; charset=utf-8`, type.toUpperCase(), ...TYPES]) : type,
    ),
  ({ body: _, ...request }) => request,
  // content of a GET has no meaning (RFC 9110, section 9.3.1)
  (request, dice) =>
    request.method === 'GET'
      ? request
      : { ...request, headers: { 'content-type': 'application/json', ...request.headers }, body: dice.pick(BODIES) },
  (request, dice) => ({ ...request, headers: { ...request.headers, accept: dice.pick([...TYPES, ...RANGES]) } }),
];

const TYPES = ['application/json', 'application/vnd.x+json', 'text/csv', 'text/html', 'image/png'];
const RANGES = ['*/*', 'text/*', 'application/*', 'image/*'];
const BODIES: readonly JsonValue[] = [null, 'a', 1, [], {}, { a: 'a' }, ['a'], { id: 1 }];
const SEGMENTS = ['items', 'first', 'parts', '1', 'a', ''];

/** Texts that are read in different ways. */
const TEXTS: readonly string[] =
  ' 0 1 01 -1 0x1 1.5 true TRUE null a ab a,b a%2Cb 1,2 a,1 a=1 a=1,b=2 .a .1.2 ;id=1 ;a a+b a%20b 1|2 1%7C2 %'.split(
    ' ',
  );

function otherText(pair: string, text: string): string {
  return `${pair.split('=')[0] ?? ''}=${text}`;
}

function withHeaders(request: RequestValue, change: (name: string, text: string) => string | undefined): RequestValue {
  const headers = Object.entries(request.headers).flatMap(([name, text]) => {
    const next = change(name, text);
    return next === undefined ? [] : [[name, next] as const];
  });
  return { ...request, headers: Object.fromEntries(headers) };
}

function withPath(request: RequestValue, change: (path: string) => string): RequestValue {
  const { origin, path, search } = targetOf(request.url);
  return { ...request, url: origin + change(path) + search };
}

function withQuery(request: RequestValue, change: (pairs: readonly string[]) => readonly string[]): RequestValue {
  const { origin, path, search } = targetOf(request.url);
  const pairs = change(search.length > 1 ? search.slice(1).split('&') : []);
  return { ...request, url: `${origin}${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}` };
}

function targetOf(url: string): { readonly origin: string; readonly path: string; readonly search: string } {
  const [, origin = '', path = '', search = ''] = /^(https?:\/\/[^/]*)([^?]*)(.*)$/.exec(url) ?? [];
  return { origin, path, search };
}
