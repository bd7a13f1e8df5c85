import type { JsonValue } from '@atlas/ir';
import type { Direction } from '../schemas.ts';
import type { Alternative, Api, Operation, Parameter } from './api.ts';
import { bareType } from './bareType.ts';
import { acceptingType, isEnough, knownResponse } from './match.ts';
import type { RequestValue, ResponseValue } from './exchange.ts';
import { meaningsOf, objectsOfQuery } from './parameterText.ts';
import { arrivedField } from './sendable.ts';
import type { Samples } from './samples.ts';

/**
 * What one version of an API accepts: the model with which the witnesses of rules are checked. It follows OpenAPI 3.1,
 * section 4.8.8.2 (concrete paths before templates), 4.8.12 (parameters), 4.8.14 (media types) and 4.8.30 (security),
 * and RFC 9110, section 12.5.1 (Accept).
 */
export class Acceptance {
  readonly #samples: Pick<Samples, 'accepts'>;
  /** Whole paths by method and number of segments, so that a request is not compared with all of them. */
  readonly #byLength: ReadonlyMap<
    string,
    readonly { readonly operation: Operation; readonly parts: readonly string[] }[]
  >;

  constructor(api: Api, samples: Pick<Samples, 'accepts'>) {
    this.#samples = samples;
    const templates = api.operations.flatMap((operation) =>
      operation.bases.map((base) => ({ operation, parts: (base + operation.path).split('/') })),
    );
    this.#byLength = Map.groupBy(templates, ({ operation, parts }) => `${operation.method} ${parts.length}`);
  }

  /** Whether a request with these credentials is accepted. If the engine can't judge, it counts as accepted. */
  accepts(request: RequestValue, given: Alternative): boolean {
    const target = URL.parse(request.url);
    // RFC 3986, section 2.1: a percent sign begins two digits, and what they stand for is UTF-8
    if (!target || unescaped(target.pathname + target.search) === undefined) return false;
    const operation = this.#operationOf(request.method, target.pathname);
    return operation ? this.acceptsFor(operation, request, given) : false;
  }

  /**
   * Whether an operation accepts a request that is sent to it. The direction of a webhook or a callback is `response`,
   * because the server sends it.
   */
  acceptsFor(
    operation: Operation,
    request: RequestValue,
    given: Alternative,
    direction: Direction = 'request',
  ): boolean {
    const { headers, body } = request;
    if (!Object.values(headers).every((text) => arrivedField(text) !== undefined)) return false;
    if (!operation.security.some((wanted) => isEnough(given, wanted))) return false;
    if (!operation.parameters.every((parameter) => this.takes(operation, parameter, request))) return false;
    if (headers['accept'] !== undefined && !answersWith(operation, headers['accept'])) return false;
    const { body: expected } = operation;
    if (body === undefined) return expected?.required !== true;
    const media = expected && acceptingType(expected.content, bareType(headers['content-type'] ?? ''));
    return media !== undefined && this.#samples.accepts(media[1].schema, body, direction);
  }

  /** Whether an operation accepts the text that a request has for one of its parameters. */
  takes(operation: Operation, parameter: Parameter, { url, headers }: RequestValue): boolean {
    const target = URL.parse(url);
    if (!target) return false;
    const object = isSpread(parameter) ? spreadPairs(operation, parameter, target) : undefined;
    if (object) {
      return object.length === 0 ? !parameter.required : this.#takesOne(parameter, objectsOfQuery(object), 'request');
    }
    const texts = textsOf(operation, parameter, target, headers);
    if (texts === undefined) return true;
    if (texts.length === 0) return !parameter.required;
    return this.#takesOne(parameter, meaningsOf(parameter, texts, DECODED[parameter.in] ?? String), 'request');
  }

  /**
   * Whether an operation declares a response. The direction of an answer to a webhook or a callback is `request`,
   * because the client gives it.
   */
  declares(operation: Operation, { status, headers, body }: ResponseValue, direction: Direction = 'response'): boolean {
    const response = knownResponse(operation, String(status));
    if (!response) return false;
    for (const [name, header] of response.headers) {
      const text = headers[name];
      if (text === undefined ? header.required : !this.takesHeader(header, text, direction)) return false;
    }
    if (response.content.size === 0) return true;
    const media = acceptingType(response.content, bareType(headers['content-type'] ?? ''));
    return media !== undefined && (body === undefined || this.#samples.accepts(media[1].schema, body, direction));
  }

  /** Whether the reader of a response takes the text of a header. */
  takesHeader(header: Parameter, text: string, direction: Direction = 'response'): boolean {
    const arrived = arrivedField(text);
    return arrived !== undefined && this.#takesOne(header, meaningsOf(header, [arrived], String), direction);
  }

  /** Whether one meaning of a text is accepted. A text with unknown meanings is. */
  #takesOne({ schema }: Parameter, meanings: readonly JsonValue[] | undefined, direction: Direction): boolean {
    return meanings === undefined || meanings.some((value) => this.#samples.accepts(schema, value, direction));
  }

  #operationOf(method: string, pathname: string): Operation | undefined {
    const segments = pathname.split('/');
    const near = this.#byLength.get(`${method} ${segments.length}`) ?? [];
    const matching = near.filter(({ parts }) => matches(parts, segments)).map(({ operation }) => operation);
    // of two that have as many variables, the one that is concrete for longer: OpenAPI leaves that to tools
    const variables = ({ path }: Operation): number => path.split('{').length;
    const concrete = ({ path }: Operation): number => path.indexOf('{');
    return matching.toSorted((a, b) => variables(a) - variables(b) || concrete(b) - concrete(a))[0];
  }
}

/** Whether some success has a body of this media type. Every client accepts a success without a body. */
function answersWith({ responses }: Operation, type: string): boolean {
  const contents = [...responses].flatMap(([status, { content }]) => (status.startsWith('2') ? [content] : []));
  return contents.length === 0 || contents.some((content) => content.size === 0 || has(content, type));
}

/** Whether a content has a type that a client asks for, or one of a range (RFC 9110, section 12.5.1). */
function has(content: ReadonlyMap<string, unknown>, type: string): boolean {
  const asked = new Map([[type, true]]);
  return acceptingType(content, type) !== undefined || [...content.keys()].some((one) => acceptingType(asked, one));
}

function matches(parts: readonly string[], segments: readonly string[]): boolean {
  return parts.every(
    (part, index) => part === segments[index] || part.includes('{') || encodeURI(part) === segments[index],
  );
}

/** Segments with several parameters may have so many characters, so that finding the texts stays fast. */
const LONGEST_SHARED = 1_000;

/** The text of a path parameter; undefined if more than one text of its segment may be meant. */
function segmentOf({ path }: Operation, { name }: Parameter, { pathname }: URL): readonly string[] | undefined {
  const parts = path.split('/');
  const index = parts.findIndex((part) => part.includes(`{${name}}`));
  // From the end, because there may be a base path before it.
  const text = index === -1 ? undefined : pathname.split('/').at(index - parts.length);
  if (text === undefined) return undefined;
  const pieces = (parts[index] ?? '').split(/(\{[^{}]*\})/);
  // One parameter has three pieces, two have five.
  if (pieces.length > 5 || (pieces.length > 3 && text.length > LONGEST_SHARED)) return undefined;
  const own = pieces.filter((piece) => /^\{.*\}$/.test(piece)).indexOf(`{${name}}`) + 1;
  const captured = (inside: string): string | undefined => {
    const pattern = pieces.map((piece) => (/^\{.*\}$/.test(piece) ? inside : literal(piece))).join('');
    return new RegExp(`^${pattern}$`, 's').exec(text)?.[own];
  };
  const [first, last] = [captured('(.*?)'), captured('(.*)')];
  return first === undefined || first !== last ? undefined : [first];
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** The texts that a request has for a parameter, as they were sent; undefined if other texts are possible. */
function textsOf(
  operation: Operation,
  parameter: Parameter,
  target: URL,
  headers: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  const { in: where, name } = parameter;
  if (where === 'path') return segmentOf(operation, parameter, target);
  if (where === 'query') return queryOf(target).flatMap(([key, text]) => (key === name ? [text] : []));
  if (where === 'cookie') {
    const cookies = (headers['cookie'] ?? '').split('; ').filter((cookie) => cookie.startsWith(`${name}=`));
    return cookies.map((cookie) => cookie.slice(name.length + 1));
  }
  const text = headers[name.toLowerCase()];
  const arrived = text === undefined ? undefined : arrivedField(text);
  return arrived === undefined ? [] : [arrived];
}

/** Whether each member of an object is a pair of the query. */
function isSpread({ in: where, style, explode, type, isJson }: Parameter): boolean {
  return where === 'query' && !isJson && (style === 'deepObject' || (type === 'object' && explode && style === 'form'));
}

/** The pairs of a query that are members of an object, decoded. */
function spreadPairs(
  { parameters }: Operation,
  { name, style }: Parameter,
  target: URL,
): readonly (readonly [string, string])[] {
  const others = parameters.filter((one) => one.in === 'query' && one.name !== name);
  const isOfOther = (key: string): boolean =>
    others.some((one) => key === one.name || (one.style === 'deepObject' && memberOf(one.name, key) !== undefined));
  return queryOf(target).flatMap(([key, text]) => {
    const member = style === 'deepObject' ? memberOf(name, key) : isOfOther(key) ? undefined : key;
    return member === undefined ? [] : [[member, decoded(text)] as const];
  });
}

/** The `a` of `name[a]`. */
function memberOf(name: string, key: string): string | undefined {
  return key.startsWith(`${name}[`) && key.endsWith(']') ? key.slice(name.length + 1, -1) : undefined;
}

/** The names of a query, decoded, each with its text as it was sent. */
function queryOf({ search }: URL): readonly (readonly [string, string])[] {
  const pairs = search.length > 1 ? search.slice(1).split('&') : [];
  return pairs.map((pair) => {
    const [key = '', ...value] = pair.split('=');
    return [decoded(key), value.join('=')];
  });
}

/** How texts are decoded, by where a parameter is. The text of a header stays as it is. */
const DECODED: Readonly<Record<string, (text: string) => string>> = {
  query: decoded,
  path: (text) => unescaped(text) ?? text,
  cookie: (text) => unescaped(text) ?? text,
};

/** The text of a part of a query (application/x-www-form-urlencoded); as it is if it is malformed. */
function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  return unescaped(spaced) ?? spaced;
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
