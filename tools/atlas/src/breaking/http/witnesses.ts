import { isList, isObject, type JsonValue } from '@atlas/ir';
import type { Witness } from '../finding.ts';
import type { Alternative, Api, Operation, Parameter, Response } from './api.ts';
import { curl, message, type RequestValue, type ResponseValue } from './exchange.ts';
import { Samples } from './samples.ts';

/** What the request of a witness has beside what its operation requires. */
export interface RequestParts {
  readonly parameter?: { readonly of: Parameter; readonly value?: JsonValue };
  readonly body?: { readonly type: string; readonly value?: JsonValue };
  readonly withoutBody?: true;
  readonly security?: Alternative;
}

/** Writes whole requests and responses that one version of an API accepts. */
export class Witnesses {
  readonly #api: Api;
  readonly #samples: Samples;

  constructor(api: Api) {
    this.#api = api;
    this.#samples = new Samples(api.version);
  }

  /** A request that this version accepts and the new one refuses. Undefined if no value is found for a part of it. */
  request(operation: Operation, parts: RequestParts, at: string): Witness | undefined {
    const value = this.#request(operation, parts);
    return value && { acceptedBy: 'old', value, at, shown: curl(value) };
  }

  /** A response that this version sends and the old one does not know. */
  response(response: Response, type: string | undefined, given: JsonValue | undefined, at: string): Witness {
    const [firstType] = response.content.keys();
    const usedType = type ?? firstType;
    const media = usedType === undefined ? undefined : response.content.get(usedType);
    const body = given ?? (media && this.#samples.of(media.schema, 'response'));
    const value: ResponseValue = {
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
    return { acceptedBy: 'new', value, at, shown: message(value) };
  }

  /** A response with a header of this value. */
  responseHeader(response: Response, name: string, value: JsonValue): Witness {
    const whole = this.response(response, undefined, undefined, `/headers/${name}`);
    const headers = isObject(whole.value) && isObject(whole.value['headers']) ? whole.value['headers'] : {};
    const texts = Object.fromEntries(Object.entries(headers).map(([key, text]) => [key, String(text)]));
    const next: ResponseValue = { status: statusOf(response.status), headers: { ...texts, [name]: plain(value) } };
    return { ...whole, value: next, shown: message(next) };
  }

  #request(operation: Operation, parts: RequestParts): RequestValue | undefined {
    const { parameter, body, security = operation.security[0] ?? new Map() } = parts;
    let path = operation.path;
    const query: string[] = [];
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
      else if (one.in === 'cookie') headers['cookie'] = `${one.name}=${encodeURIComponent(plain(value))}`;
    }
    this.#addCredentials(security, headers, query);
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
