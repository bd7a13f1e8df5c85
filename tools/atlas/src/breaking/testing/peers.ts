import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { Acceptance } from '../http/accepts.ts';
import { apiOf, type Alternative, type Api, type Operation, type Parameter, type Response } from '../http/api.ts';
import type { RequestValue, ResponseValue } from '../http/exchange.ts';
import { acceptingType, isRange, knownResponse } from '../http/match.ts';
import { queryPairs, textOf } from '../http/parameterText.ts';
import type { Direction } from '../schemas.ts';
import type { Placed, Version } from '../sides/version.ts';
import { ajvAccepts } from './apiReading.ts';
import type { Dice } from './dice.ts';
import { Instances } from './instances.ts';

/** A client or a server of one version of an API. Ajv judges by its schemas, not the engine. */
export class Peer {
  readonly api: Api;
  readonly acceptance: Acceptance;
  readonly #document: JsonObject;
  #isSure = true;

  constructor(version: Version) {
    this.#document = version.document;
    this.api = apiOf(version);
    this.acceptance = new Acceptance(this.api, {
      accepts: (schema: Placed | undefined, value: JsonValue, direction: Direction): boolean => {
        const answer = schema === undefined || ajvAccepts(this.#document, schema.value, value, direction);
        if (answer === undefined) this.#isSure = false;
        return answer === true;
      },
    });
  }

  /** What `ask` says; undefined if ajv could not be relied on. */
  sure(ask: (acceptance: Acceptance) => boolean): boolean | undefined {
    this.#isSure = true;
    const answer = ask(this.acceptance);
    return this.#isSure ? answer : undefined;
  }

  /**
   * A request that a client of this version may send, and the credentials that it has; or what its server may send to a
   * webhook. It may be wrong.
   */
  request(
    dice: Dice,
    operation: Operation,
    direction: Direction = 'request',
  ): { readonly request: RequestValue; readonly given: Alternative } {
    const instances = new Instances(dice, this.#document, direction);
    const given = dice.pick(operation.security);
    let path = operation.path;
    const query: string[] = [];
    const headers: Record<string, string> = {};
    for (const parameter of operation.parameters) {
      if (!parameter.required && dice.once(2)) continue;
      const value = instances.of(parameter.schema?.value);
      if (parameter.in === 'path')
        path = path.replaceAll(`{${parameter.name}}`, textOf(parameter, value, encodeURIComponent) || 'x');
      else if (parameter.in === 'query') query.push(...queryPairs(parameter, value));
      else addHeader(headers, parameter, value);
    }
    // A media type that only some successes have may be removed together with them. That breaks nobody.
    const contents = [...operation.responses].flatMap(([status, { content }]) =>
      status.startsWith('2') ? [content] : [],
    );
    const types = contents.flatMap((content) => [...content.keys()]);
    const [accept] = dice.some(types.filter((type) => contents.every((content) => content.has(type))));
    if (accept !== undefined && !isRange(accept)) headers['accept'] = accept;
    const url = `${operation.server}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
    const { body } = operation;
    if (!body || (!body.required && dice.once(4)))
      return { given, request: { method: operation.method, url, headers } };
    const [type, media] = dice.pick([...body.content]);
    headers['content-type'] = concrete(type, dice);
    return { given, request: { method: operation.method, url, headers, body: instances.of(media.schema?.value) } };
  }

  /**
   * A response that a server of this version may send, or what its client answers to a webhook (`request`). It may be a
   * wrong one.
   */
  response(
    dice: Dice,
    operation: Operation,
    response: Response,
    direction: Direction = 'response',
  ): ResponseValue | undefined {
    const instances = new Instances(dice, this.#document, direction);
    const statuses = STATUSES.filter((status) => knownResponse(operation, String(status)) === response);
    if (statuses.length === 0) return undefined;
    const headers: Record<string, string> = {};
    for (const [name, header] of response.headers)
      if (header.required || dice.once(2)) headers[name] = textOf(header, instances.of(header.schema?.value), String);
    const status = dice.pick(statuses);
    if (response.content.size === 0) return { status, headers };
    const [type, media] = dice.pick([...response.content]);
    headers['content-type'] = concrete(type, dice);
    return { status, headers, body: instances.of(media.schema?.value) };
  }
}

function addHeader(headers: Record<string, string>, parameter: Parameter, value: JsonValue): void {
  const name = parameter.name.toLowerCase();
  if (parameter.in === 'header') headers[name] = textOf(parameter, value, String);
  else {
    const cookie = `${parameter.name}=${textOf(parameter, value, encodeURIComponent)}`;
    headers['cookie'] = [headers['cookie'] ?? [], cookie].flat().join('; ');
  }
}

function concrete(type: string, dice: Dice): string {
  if (type === '*/*') return dice.pick(['application/json', 'image/png', 'text/plain', 'application/xml']);
  return isRange(type) ? type.replace('*', dice.pick(['json', 'xml', 'plain', 'vnd.example+json'])) : type;
}

/** Statuses that documents of tests use. */
const STATUSES = [200, 201, 202, 203, 204, 302, 400, 404, 409, 500];

/**
 * Whether the policy tolerates a response that old clients do not know: a failure, a response that only a default of
 * the new version covers, or a media type beside one that clients read and may ask for.
 */
export function isTolerated(old: Operation, next: Operation, { status, headers }: ResponseValue): boolean {
  const known = knownResponse(old, String(status));
  const sent = knownResponse(next, String(status));
  if (!known) return status >= 400 || sent?.status === 'default';
  const hasSuccess = [...next.responses.keys()].some((name) => /^[123]/.test(name));
  if (sent?.status === 'default' && status < 400 && (hasSuccess || known.status === 'default')) return true;
  const types = [...(sent?.content.keys() ?? [])];
  const isRead = (type: string): boolean => acceptingType(known.content, type) !== undefined;
  return !isRead(headers['content-type'] ?? '') && types.some(isRead);
}

/** Whether a witness is a request. */
export function isRequest(value: JsonValue): value is RequestValue {
  return isObject(value) && typeof value['url'] === 'string';
}

export function isResponse(value: JsonValue): value is ResponseValue {
  return isObject(value) && typeof value['status'] === 'number';
}

/** Whether a request has the credentials of an alternative, as far as it shows. */
export function hasCredentials({ headers, url }: RequestValue, given: Alternative): boolean {
  return [...given.values()].every(({ carrier }) => {
    const [kind, name = ''] = carrier.split(' ');
    if (kind === 'header') return headers[name] !== undefined;
    if (kind === 'query') return url.includes(`${name}=`);
    return kind !== 'HTTP' || headers['authorization'] !== undefined;
  });
}
