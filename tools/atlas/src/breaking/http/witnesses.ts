import { isList, isObject, type JsonValue } from '@atlas/ir';
import type { Witness } from '../finding.ts';
import type { Alternative, Api, Operation, Parameter, Response } from './api.ts';
import { Acceptance } from './accepts.ts';
import { curl, message, type RequestValue, type ResponseValue } from './exchange.ts';
import { Samples } from './samples.ts';

/** What the request of a witness has beside what its operation requires. */
export interface RequestParts {
  readonly parameter?: { readonly of: Parameter; readonly value?: JsonValue };
  readonly body?: { readonly type: string; readonly value?: JsonValue };
  readonly withoutBody?: true;
  /** The media type that the client asks for. */
  readonly accept?: string;
  readonly security?: Alternative;
}

/** Writes whole requests and responses that one version of an API accepts. */
export class Witnesses {
  readonly #api: Api;
  readonly #samples: Samples;

  readonly #own: Acceptance;
  readonly #other: Acceptance;

  constructor(api: Api, other: Api) {
    this.#api = api;
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
    return isProof ? this.write(operation, parts, at) : undefined;
  }

  /** As `request`, for a value that is proven already: the whole is not checked. */
  write(operation: Operation, parts: RequestParts, at: string): Witness | undefined {
    const value = this.#request(operation, parts);
    return value && { acceptedBy: 'old', value, at, shown: curl(value) };
  }

  /** A response that this version declares and the operation of the other one does not. Undefined if there is none. */
  unknown(operation: Operation, known: Operation, response: Response, at: string): Witness | undefined {
    const value = this.#response(response, undefined, undefined);
    const isProof = this.#own.declares(operation, value) && !this.#other.declares(known, value);
    return isProof ? { acceptedBy: 'new', value, at, shown: message(value) } : undefined;
  }

  /** A response with a body that is proven already. */
  response(response: Response, type: string | undefined, given: JsonValue | undefined, at: string): Witness {
    const value = this.#response(response, type, given);
    return { acceptedBy: 'new', value, at, shown: message(value) };
  }

  #response(response: Response, type: string | undefined, given: JsonValue | undefined): ResponseValue {
    const [firstType] = response.content.keys();
    const usedType = type ?? firstType;
    const media = usedType === undefined ? undefined : response.content.get(usedType);
    const body = given ?? (media && this.#samples.of(media.schema, 'response'));
    return {
      status: statusOf(response.status),
      headers: {
        ...(usedType === undefined ? {} : { 'content-type': concrete(usedType) }),
        ...Object.fromEntries(
          [...response.headers]
            .filter(([, { required }]) => required)
            .map(([name, { schema }]) => [name, plain(this.#samples.of(schema, 'response') ?? '')]),
        ),
      },
      ...(body === undefined ? {} : { body }),
    };
  }

  /** A response with a header of this value. */
  responseHeader(response: Response, name: string, value: JsonValue): Witness {
    const whole = this.#response(response, undefined, undefined);
    const next: ResponseValue = { ...whole, headers: { ...whole.headers, [name]: plain(value) } };
    return { acceptedBy: 'new', value: next, at: `/headers/${name}`, shown: message(next) };
  }

  #request(operation: Operation, parts: RequestParts): RequestValue | undefined {
    const { parameter, body, accept, security = operation.security[0] ?? new Map() } = parts;
    let path = operation.path;
    const query: string[] = [];
    const cookies: string[] = [];
    const headers: Record<string, string> = {};
    for (const one of operation.parameters) {
      const isWanted = parameter?.of === one;
      if (!one.required && !isWanted) continue;
      const value =
        isWanted && parameter.value !== undefined ? parameter.value : this.#samples.of(one.schema, 'request');
      if (value === undefined) return undefined;
      if (one.in === 'path') path = path.replaceAll(`{${one.name}}`, encodeURIComponent(plain(value)) || 'x');
      else if (one.in === 'query') query.push(...pairs(one, value));
      else if (one.in === 'header') headers[one.name.toLowerCase()] = plain(value);
      else if (one.in === 'cookie') cookies.push(`${one.name}=${encodeURIComponent(plain(value))}`);
    }
    this.#addCredentials(security, headers, query);
    if (cookies.length > 0) headers['cookie'] = [...cookies, headers['cookie'] ?? []].flat().join('; ');
    if (accept !== undefined) headers['accept'] = concrete(accept);
    const sent = parts.withoutBody ? undefined : this.#body(operation, body);
    if (sent === 'none') return undefined;
    if (sent) headers['content-type'] = concrete(sent.type);
    const url = operation.server + path + (query.length > 0 ? `?${query.join('&')}` : '');
    return { method: operation.method, url, headers, ...(sent ? { body: sent.value } : {}) };
  }

  #body(operation: Operation, wanted: RequestParts['body']) {
    const [first] = operation.body?.content.keys() ?? [];
    const type = wanted?.type ?? (operation.body?.required ? first : undefined);
    if (type === undefined) return undefined;
    const schema = operation.body?.content.get(type)?.schema;
    const value = wanted?.value ?? this.#samples.of(schema, 'request');
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
        if (where === 'query') query.push(`${encodeURIComponent(key)}=API_KEY`);
        else if (where === 'header') headers[key.toLowerCase()] = '$API_KEY';
        else headers['cookie'] = `${key}=$API_KEY`;
      }
    }
  }
}

/** A status of the range, or one that a client rarely expects. */
function statusOf(status: string): number {
  return status === 'default' ? 500 : Number(status.replace('XX', '00'));
}

/** A media type that the range includes. */
function concrete(type: string): string {
  return type.replace('*/*', 'application/json').replace('/*', '/plain');
}

/** Text of a value in a path, a header or a query: OpenAPI 3.1, section 4.8.12.2, style `simple`. */
function plain(value: JsonValue): string {
  if (isList(value)) return value.map(plain).join(',');
  if (isObject(value)) return Object.entries(value).flat().map(String).join(',');
  return String(value);
}

function pairs(parameter: Parameter, value: JsonValue): readonly string[] {
  const { name, style, explode } = parameter;
  const pair = (key: string, text: JsonValue | undefined): string =>
    `${encodeURIComponent(key)}=${encodeURIComponent(plain(text ?? ''))}`;
  if (isObject(value)) {
    if (style === 'deepObject') return Object.entries(value).map(([key, item]) => pair(`${name}[${key}]`, item));
    if (explode) return Object.entries(value).map(([key, item]) => pair(key, item));
  }
  if (!isList(value)) return [pair(name, value)];
  if (explode) return value.map((item) => pair(name, item));
  const separator = { spaceDelimited: '%20', pipeDelimited: '|' }[style] ?? ',';
  return [`${encodeURIComponent(name)}=${value.map((item) => encodeURIComponent(plain(item))).join(separator)}`];
}
