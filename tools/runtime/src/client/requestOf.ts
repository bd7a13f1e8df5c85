import { AtlasError } from '../contract/atlasError.ts';
import type { OperationContract, ParamPrimitive } from '../contract/operation.ts';
import { REQUEST_HEADER, RESPONSE_HEADER } from '../http/headerNames.ts';
import type { ParamValue } from '../http/params/value.ts';
import { defaultStyle, headerText, pathText, queryPairs, Unsendable, type ParamStyle } from './paramTexts.ts';
import type { CallSettings } from './types.ts';

/** One operation as data, for its client function; generated. */
export interface CallContract {
  readonly method: OperationContract['method'];
  /** As the document spells it: `/v1/bookings/{bookingId}`. */
  readonly path: string;
  /** Parameters whose style is not the one that OpenAPI assumes. */
  readonly styles?: readonly ParamStyle[];
  /** The body's media type. */
  readonly body?: string;
  /** Set if it takes an Idempotency-Key. */
  readonly idempotencyKey?: true;
  /** The media types that a 200 may have, JSON first. Absent if there is no choice. */
  readonly accepts?: readonly string[];
  /** Statuses by their content: JSON, nothing, or a problem that is not the plumbing's. */
  readonly json?: readonly number[];
  readonly empty?: readonly number[];
  readonly problems?: readonly number[];
  /** By status: the headers that the handler gives, as the spec spells them. */
  readonly headers?: Readonly<Record<number, Readonly<Record<string, ParamPrimitive>>>>;
}

/** The input of any operation's call; `CallInput` narrows it. */
export interface AnyCallInput extends CallSettings {
  readonly params?: Values;
  readonly query?: Values;
  readonly headers?: Values;
  readonly body?: unknown;
  readonly accept?: string;
  readonly ifMatch?: string;
  readonly idempotencyKey?: string;
}

type Values = Readonly<Record<string, ParamValue | undefined>>;

/** A request that can be sent several times. */
export interface CallRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/**
 * The request of a call. `base` is the service's address; `key` is the Idempotency-Key. Throws `AtlasError`
 * ATLAS_CLIENT_INPUT for values that cannot be sent.
 */
export function requestOf(
  {
    method,
    path,
    styles = [],
    body: mediaType,
    accepts,
  }: Pick<CallContract, 'method' | 'path' | 'styles' | 'body' | 'accepts'>,
  base: URL,
  input: AnyCallInput,
  key: string | undefined,
): CallRequest {
  const styleOf = (name: string, where: ParamStyle['in']): ParamStyle =>
    styles.find((style) => style.name === name && style.in === where) ?? defaultStyle(name, where);
  const segments = path.split('/').map((segment) => {
    if (!segment.includes('{')) return segment;
    const text = segment.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
      const value = input.params?.[name];
      if (value === undefined) throw unsendable(`params.${name}`, 'is missing');
      return sendable(`params.${name}`, () => pathText(styleOf(name, 'path'), value));
    });
    // `.` and `..` lead to another operation, even if their dots are encoded (WHATWG URL, section 4.1)
    if (/^(\.|%2e){0,2}$/i.test(text)) throw unsendable('params', `must not make ${segment} empty, "." or ".."`);
    return text;
  });
  const query = given(input.query).flatMap(([name, value]) =>
    sendable(`query.${name}`, () => queryPairs(styleOf(name, 'query'), value)),
  );
  const headers = new Headers();
  for (const [name, value] of given(input.headers)) {
    const text = sendable(`headers.${name}`, () => headerText(styleOf(name, 'header'), value));
    setHeader(headers, name, text, `headers.${name}`);
  }
  setHeader(headers, 'accept', accepts && (input.accept ?? accepts[0]), 'accept');
  setHeader(headers, REQUEST_HEADER.idempotencyKey, key, 'idempotencyKey');
  setHeader(headers, REQUEST_HEADER.ifMatch, input.ifMatch, 'ifMatch');
  setHeader(headers, RESPONSE_HEADER.correlationId, input.correlationId, 'correlationId');
  const body = input.body === undefined ? undefined : JSON.stringify(input.body);
  if (body !== undefined) setHeader(headers, 'content-type', mediaType, 'body');
  const url = new URL(base);
  url.pathname = url.pathname.replace(/\/$/, '') + segments.join('/');
  url.search = query.length > 0 ? `?${query.join('&')}` : '';
  return { url, method, headers, body };
}

function given(values: Values = {}): readonly (readonly [string, ParamValue])[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/**
 * Sets a header if it has a value. Throws ATLAS_CLIENT_INPUT, which names `what`, for a value that no header can have.
 */
export function setHeader(headers: Headers, name: string, value: string | undefined, what: string): void {
  if (value === undefined) return;
  try {
    headers.set(name, value);
  } catch {
    // the message of `Headers` repeats the value, which may be a token
    throw unsendable(what, 'cannot be the value of a header');
  }
}

function sendable<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unsendable) throw unsendable(what, error.message);
    throw error;
  }
}

function unsendable(what: string, why: string): AtlasError {
  return new AtlasError('ATLAS_CLIENT_INPUT', `${what} ${why}`);
}
