import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Witness } from '../finding.ts';
import type { Direction } from '../schemas.ts';
import type { Alternative, Api, Operation, Parameter, Response } from './api.ts';
import { Acceptance } from './accepts.ts';
import { curl, message, type RequestValue, type ResponseValue } from './exchange.ts';
import { acceptingType, knownResponse, typeWithin, type ResponsePair } from './match.ts';
import { percentEncoded, queryPairs, textOf } from './parameterText.ts';
import { sendable } from './sendable.ts';
import { Samples } from './samples.ts';

/** What the request of a witness has in addition to what its operation requires. */
export interface RequestParts {
  readonly parameter?: { readonly of: Parameter; readonly value?: JsonValue };
  readonly body?: { readonly type: string; readonly value?: JsonValue };
  readonly withoutBody?: true;
  /** The media type that the client asks for. */
  readonly accept?: string;
  readonly security?: Alternative;
}

/** A parameter of a request, and the parameter of the other version's operation that refuses it. */
export interface Refused {
  readonly of: Parameter;
  readonly refusing: Parameter;
  readonly by: Operation;
}

/** What a response has in addition to what it requires. */
export interface ResponseParts {
  readonly type?: string;
  readonly body?: JsonValue;
  /** `refusing`: the header of the other version that must refuse the value. */
  readonly header?: { readonly name: string; readonly value: JsonValue; readonly refusing: Parameter };
}

/**
 * A response, and the response of the other version that its status must match. If that is absent, any status is fine.
 */
type SentResponse = Pick<ResponsePair, 'sent'> & Partial<ResponsePair>;

/** Makes whole requests and responses that one version of an API accepts. */
export class Witnesses {
  readonly #api: Api;
  readonly #samples: Samples;

  readonly #own: Acceptance;
  readonly #other: Acceptance;
  readonly #acceptedBy: Witness['acceptedBy'];
  /** The direction of responses: old clients give those to webhooks and callbacks, and the new server all others. */
  readonly #answers: Direction;

  /** `acceptedBy` is the side of `api`; `other` is the other version. */
  constructor(api: Api, other: Api, acceptedBy: Witness['acceptedBy']) {
    this.#api = api;
    this.#acceptedBy = acceptedBy;
    this.#answers = acceptedBy === 'old' ? 'request' : 'response';
    this.#samples = new Samples(api.version);
    this.#own = new Acceptance(api, this.#samples);
    this.#other = new Acceptance(other, new Samples(other.version));
  }

  /** A request that this version accepts and the other one refuses, checked with both. Undefined if there is none. */
  request(operation: Operation, parts: RequestParts, at: string): Witness | undefined {
    const written = this.#request(operation, parts);
    if (!written) return undefined;
    const given = parts.security ?? operation.security[0] ?? new Map();
    const isProof = this.#own.accepts(written, given) && !this.#other.accepts(written, given);
    return isProof ? this.#witness(written, at) : undefined;
  }

  /**
   * Like `request`, for a parameter: its text in the request is also refused by the parameter `refusing` of the other
   * version, so that no other part of the operation is the reason.
   */
  parameter(operation: Operation, value: JsonValue | undefined, { of, refusing, by }: Refused): Witness | undefined {
    const parts = { parameter: { of, ...(value === undefined ? {} : { value }) } };
    const written = this.#request(operation, parts);
    if (!written || this.#other.takes(by, refusing, written)) return undefined;
    return this.request(operation, parts, spotOf(of));
  }

  /** Values of a parameter that styles write in different ways: two lists, an object, a single value and any value. */
  valuesOf(parameter: Parameter, { path }: Operation): readonly JsonValue[] {
    const wanted = [{ type: 'array', minItems: 2 }, ...WRITTEN.toReversed()];
    const within = sendable(parameter, path);
    return wanted
      .map((limits) => this.#limited(parameter, limits, 'request', within))
      .filter((value) => value !== undefined);
  }

  /** A request of a webhook or a callback that this version sends and an operation of the other one does not expect. */
  sent(operation: Operation, expected: Operation, parts: RequestParts, at: string): Witness | undefined {
    const written = this.#request(operation, parts, 'response');
    if (!written) return undefined;
    const given = operation.security[0] ?? new Map();
    // The client that is called decides about credentials.
    const isProof =
      this.#own.acceptsFor(operation, written, given, 'response') &&
      !this.#other.acceptsFor({ ...expected, security: operation.security }, written, given, 'response');
    return isProof ? this.#witness(written, at) : undefined;
  }

  #witness(value: RequestValue, at: string): Witness {
    return { acceptedBy: this.#acceptedBy, value, at, shown: curl(value) };
  }

  /**
   * A response that this version declares and the operation of the other one does not, checked with both. `known` is
   * that operation. Undefined if there is none.
   */
  unknown(
    operation: Operation,
    known: Operation,
    response: SentResponse,
    at: string,
    parts: ResponseParts = {},
  ): Witness | undefined {
    const value = this.#response(operation, known, response, parts);
    const { header } = parts;
    const isReason =
      !header || !this.#other.takesHeader(header.refusing, value?.headers[header.name] ?? '', this.#answers);
    const isProof =
      value &&
      this.#own.declares(operation, value, this.#answers) &&
      !this.#other.declares(known, value, this.#answers);
    return isProof && isReason ? { acceptedBy: this.#acceptedBy, value, at, shown: message(value) } : undefined;
  }

  #response(
    operation: Operation,
    known: Operation,
    { sent: response, known: wanted }: SentResponse,
    { type, body: given, header }: ResponseParts,
  ): ResponseValue | undefined {
    const status = statusOf(response, operation, known, wanted);
    if (status === undefined) return undefined;
    const [firstType] = response.content.keys();
    const range = type ?? firstType;
    const usedType = range === undefined ? undefined : typeWithin(range, response.content);
    const media = usedType === undefined ? undefined : acceptingType(response.content, usedType)?.[1];
    const body = given ?? (media && this.#samples.of(media.schema, this.#answers));
    const headers: Record<string, string> = usedType === undefined ? {} : { 'content-type': usedType };
    for (const [name, parameter] of response.headers)
      if (parameter.required || header?.name === name) {
        const isTaken = (one: JsonValue): boolean =>
          this.#own.takesHeader(parameter, textOf(parameter, one, String), this.#answers);
        const value = header?.name === name ? header.value : this.#written(parameter, this.#answers, isTaken, '');
        headers[name] = textOf(parameter, value ?? '', String);
      }
    return { status, headers, ...(body === undefined ? {} : { body }) };
  }

  #request(operation: Operation, parts: RequestParts, direction: Direction = 'request'): RequestValue | undefined {
    const { parameter, body, accept, security = operation.security[0] ?? new Map() } = parts;
    const values = new Map<Parameter, JsonValue>();
    for (const one of operation.parameters) {
      const isWanted = parameter?.of === one;
      if (!one.required && !isWanted) continue;
      const value = isWanted && parameter.value !== undefined ? parameter.value : this.#sent(operation, one);
      if (value === undefined || !hasText(value, one)) return undefined;
      values.set(one, value);
    }
    const { path, query, headers } = parametersOf(operation, values);
    this.#addCredentials(security, headers, query);
    if (accept !== undefined) headers['accept'] = accept;
    const sent = parts.withoutBody ? undefined : this.#body(operation, body, direction);
    if (sent === 'none') return undefined;
    if (sent) headers['content-type'] = sent.type;
    return {
      method: operation.method,
      url: urlOf(operation, path, query),
      headers,
      ...(sent ? { body: sent.value } : {}),
    };
  }

  #sent(operation: Operation, parameter: Parameter): JsonValue | undefined {
    const isTaken = (value: JsonValue): boolean => {
      const { path, query, headers } = parametersOf(operation, new Map([[parameter, value]]));
      const request = { method: operation.method, url: urlOf(operation, path, query), headers };
      return this.#own.takes(operation, parameter, request);
    };
    return this.#written(parameter, 'request', isTaken, operation.path);
  }

  /** A value of a parameter or a header with a text that is taken. An empty list and an empty object have no text. */
  #written(
    parameter: Parameter,
    direction: Direction,
    isTaken: (value: JsonValue) => boolean,
    path: string,
  ): JsonValue | undefined {
    const within = sendable(parameter, path);
    for (const limits of WRITTEN) {
      const value = this.#limited(parameter, limits, direction, within);
      if (value !== undefined && hasText(value, parameter) && isTaken(value)) return value;
    }
    return undefined;
  }

  #limited({ schema }: Parameter, limits: JsonObject, direction: Direction, within: JsonValue): JsonValue | undefined {
    const value = schema && { allOf: [schema.value, limits] };
    return value && this.#samples.of({ value, pointer: schema.pointer }, direction, within);
  }

  #body(operation: Operation, wanted: RequestParts['body'], direction: Direction) {
    const [first] = operation.body?.content.keys() ?? [];
    const range = wanted?.type ?? (operation.body?.required ? first : undefined);
    if (range === undefined) return undefined;
    const content = operation.body?.content ?? new Map();
    const type = typeWithin(range, content);
    const schema = acceptingType(content, type)?.[1].schema;
    const value = wanted?.value ?? this.#samples.of(schema, direction);
    return value === undefined ? 'none' : { type, value };
  }

  #addCredentials(security: Alternative, headers: Record<string, string>, query: string[]): void {
    const { components } = this.#api.version.document;
    const schemes = isObject(components) ? components['securitySchemes'] : undefined;
    for (const name of security.keys()) {
      const pointer = '/components/securitySchemes';
      const raw = isObject(schemes) ? schemes[name] : undefined;
      const scheme = this.#api.version.follow(raw, pointer)?.value;
      if (!isObject(scheme)) continue;
      const { type, scheme: kind, in: where, name: key } = scheme;
      if (type !== 'apiKey') {
        const isBasic = type === 'http' && String(kind).toLowerCase() === 'basic';
        headers['authorization'] = isBasic ? 'Basic $CREDENTIALS' : 'Bearer $TOKEN';
      } else if (typeof key === 'string') {
        if (where === 'query') query.push(`${percentEncoded(key)}=API_KEY`);
        else if (where === 'header') headers[key.toLowerCase()] = '$API_KEY';
        else headers['cookie'] = [headers['cookie'] ?? [], `${key}=$API_KEY`].flat().join('; ');
      }
    }
  }
}

/** A status for which an operation gives this response, preferably one for which `known` has the response `match`. */
function statusOf(
  response: Response,
  operation: Operation,
  known: Operation,
  match = knownResponse(known, response.status),
): number | undefined {
  const isOf = (status: number): boolean => knownResponse(operation, String(status)) === response;
  const own = STATUSES.filter((status) => isOf(status));
  return own.find((status) => knownResponse(known, String(status)) === match) ?? own[0];
}

/** All statuses; first those that clients rarely expect. */
const STATUSES: readonly number[] = [5, 4, 3, 2, 1].flatMap((hundreds) =>
  Array.from({ length: 100 }, (_, index) => hundreds * 100 + index),
);

/**
 * Whether all servers read the text of a value alike. Some read an empty text as no item, others as an empty item, and
 * some ignore all empty items of a header (RFC 9110, section 5.6.1.2).
 */
function hasText(value: JsonValue, { in: where }: Parameter): boolean {
  if (isList(value)) return value.some((item) => item !== '') || (value.length > 1 && where !== 'header');
  return !isObject(value) || Object.keys(value).length > 0;
}

/** Limits for values of a parameter, tried one after the other until a value has a text that is taken. */
const WRITTEN: readonly JsonObject[] = [
  {},
  { type: ['boolean', 'number', 'string'] },
  { type: 'array', minItems: 1 },
  { type: 'object', minProperties: 1 },
];

/** The parts of a request that parameters with these values make. */
function parametersOf({ path }: Operation, values: ReadonlyMap<Parameter, JsonValue>) {
  let written = path;
  const query: string[] = [];
  const cookies: string[] = [];
  const headers: Record<string, string> = {};
  for (const [one, value] of values)
    if (one.in === 'path') written = written.replaceAll(`{${one.name}}`, () => textOf(one, value, percentEncoded));
    else if (one.in === 'query') query.push(...queryPairs(one, value));
    else if (one.in === 'header') headers[one.name.toLowerCase()] = textOf(one, value, String);
    else if (one.in === 'cookie') cookies.push(`${one.name}=${textOf(one, value, percentEncoded)}`);
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ');
  return { path: written, query, headers };
}

function urlOf({ server }: Operation, path: string, query: readonly string[]): string {
  return server + path + (query.length > 0 ? `?${query.join('&')}` : '');
}

/** Where a witness shows a parameter. */
export function spotOf({ in: where }: Parameter): string {
  return where === 'header' || where === 'cookie' ? '/headers' : '/url';
}
