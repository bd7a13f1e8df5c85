import {
  childPointer,
  EXTENSION,
  EXTENSION_PREFIX,
  isList,
  isObject,
  PATH_ITEM_METHODS,
  type JsonObject,
  type JsonValue,
} from '@atlas/ir';
import type { Placed, Version } from '../sides/version.ts';
import { bareType } from './bareType.ts';
import { credentialOf, type Credential } from './credentials.ts';

/** One version of an API, taken apart: what rules and the engine look at. Parts that are malformed are left out. */
export interface Api {
  readonly version: Version;
  readonly operations: readonly Operation[];
  /** Webhooks and callbacks: the server sends these requests, and clients answer them. */
  readonly outgoing: readonly Operation[];
}

export interface Operation {
  /** Such as `POST /bookings` or `webhook POST bookingPaid`. */
  readonly id: string;
  /** In upper case. */
  readonly method: string;
  readonly path: string;
  /** Base paths of the servers, without a slash at the end. */
  readonly bases: readonly string[];
  /** The URL of the first server, without a slash at the end; an example host if the document has none. */
  readonly server: string;
  readonly pointer: string;
  readonly pathPointer: string;
  readonly operationId?: string;
  /** Its `x-atlas-` keys. */
  readonly edge: JsonObject;
  /** `x-atlas-emits` by status, of the operation and of its responses. */
  readonly emits: ReadonlyMap<string, Placed>;
  readonly parameters: readonly Parameter[];
  readonly body?: Body;
  readonly responses: ReadonlyMap<string, Response>;
  readonly security: readonly Alternative[];
  /** Where the requirements are: at the operation, or at the top. */
  readonly securityPointer: string;
}

export interface Parameter {
  /** As the document has it. */
  readonly raw: JsonObject;
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly pointer: string;
  readonly style: string;
  readonly explode: boolean;
  /** Whether its text is JSON, because `content` says so. */
  readonly isJson: boolean;
  readonly schema?: Placed;
  /** The type of the schema, if it is one. */
  readonly type?: string;
}

export interface Body {
  readonly required: boolean;
  readonly pointer: string;
  readonly content: ReadonlyMap<string, Media>;
}

/** By media type in lower case, without parameters. */
export interface Media {
  /** As the document has it. */
  readonly raw: JsonObject;
  readonly pointer: string;
  readonly schema?: Placed;
}

export interface Response {
  /** As the document has it. */
  readonly raw: JsonObject;
  /** As written: `200`, `2XX` or `default`. */
  readonly status: string;
  readonly pointer: string;
  readonly content: ReadonlyMap<string, Media>;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, Parameter>;
}

/** Credentials that are needed together, by the names of their schemes. Empty: anybody may call. */
export type Alternative = ReadonlyMap<string, Credential>;

/** Not parameters, because other parts of a document define them: OpenAPI 3.1, section 4.8.12.2.1. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization']);

const NO_SERVER = 'http://localhost';

/** Where webhooks and callbacks are sent: the client gives the address. */
const CLIENT = 'https://client.example';

/** Takes an OpenAPI document apart. */
export function apiOf(version: Version): Api {
  const parts = new Parts(version);
  return { version, operations: parts.operations(), outgoing: parts.outgoing() };
}

class Parts {
  readonly #version: Version;
  /** Security schemes by name. */
  readonly #schemes: ReadonlyMap<string, Placed>;

  constructor(version: Version) {
    this.#version = version;
    const components = this.#members(version.document['components'], '/components');
    const schemes = components.find(([key]) => key === 'securitySchemes')?.[1];
    this.#schemes = new Map(schemes ? this.#members(schemes.value, schemes.pointer) : []);
  }

  operations(): readonly Operation[] {
    const paths = this.#members(this.#version.document['paths'], '/paths');
    return paths.flatMap(([path, item]) =>
      path.startsWith('/')
        ? methodsOf(this.#version, item).map(([method, operation]) => this.#operation(path, method, item, operation))
        : [],
    );
  }

  /** Webhooks (OpenAPI 3.1, section 4.8.1) and the callbacks of operations (4.8.18). */
  outgoing(): readonly Operation[] {
    const { document } = this.#version;
    const webhooks = this.#members(document['webhooks'], '/webhooks').flatMap(([name, item]) =>
      this.#sent('webhook', name, item, ''),
    );
    const callbacks = this.#members(document['paths'], '/paths').flatMap(([path, item]) =>
      methodsOf(this.#version, item).flatMap(([method, operation]) =>
        this.#membersOf(operation, 'callbacks').flatMap(([, callback]) =>
          this.#members(callback.value, callback.pointer).flatMap(([expression, sent]) =>
            this.#sent('callback', expression, sent, ` of ${method.toUpperCase()} ${path}`),
          ),
        ),
      ),
    );
    return [...webhooks, ...callbacks];
  }

  #sent(kind: 'webhook' | 'callback', name: string, item: Placed, of: string): readonly Operation[] {
    return methodsOf(this.#version, item).map(([method, operation]) => ({
      ...this.#operation(`/${kind}`, method, item, operation),
      id: `${kind} ${method.toUpperCase()} ${name}${of}`,
      server: CLIENT,
    }));
  }

  #operation(path: string, method: string, item: Placed, operation: Placed): Operation {
    const { document } = this.#version;
    const own = objectOf(operation);
    const servers = [own['servers'], objectOf(item)['servers'], document['servers']].find(isList) ?? [];
    const urls = servers.flatMap((server) => (isObject(server) && typeof server['url'] === 'string' ? [server] : []));
    const body = this.#member(operation, 'requestBody');
    const operationId = own['operationId'];
    const parameters = new Map<string, Parameter>();
    for (const holder of [item, operation])
      for (const parameter of this.#parameters(holder)) parameters.set(`${parameter.in} ${parameter.name}`, parameter);
    return {
      id: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      bases: urls.length === 0 ? [''] : [...new Set(urls.map((server) => basePath(urlOf(server))))],
      server: urls[0] ? absolute(urlOf(urls[0])) : NO_SERVER,
      pointer: operation.pointer,
      pathPointer: item.pointer,
      ...(typeof operationId === 'string' ? { operationId } : {}),
      edge: Object.fromEntries(Object.entries(own).filter(([key]) => key.startsWith(EXTENSION_PREFIX))),
      emits: new Map(this.#emits(operation)),
      parameters: [...parameters.values()],
      ...(isObject(body?.value)
        ? {
            body: {
              required: body.value['required'] === true,
              pointer: body.pointer,
              content: this.#content(body),
            },
          }
        : {}),
      responses: new Map(
        this.#membersOf(operation, 'responses')
          .filter(([status]) => /^([1-5]\d\d|[1-5]XX|default)$/.test(status))
          .map(([status, response]) => [status, this.#response(status, response)]),
      ),
      security: this.#alternatives(own['security'] ?? document['security']),
      securityPointer:
        own['security'] === undefined && document['security'] !== undefined
          ? '/security'
          : childPointer(operation.pointer, own['security'] === undefined ? 'responses' : 'security'),
    };
  }

  #alternatives(security: JsonValue | undefined): readonly Alternative[] {
    const list = (isList(security) ? security : []).filter(isObject);
    if (list.length === 0) return [new Map()];
    return list.map(
      (schemes) =>
        new Map(
          Object.entries(schemes).map(([name, scopes]) => {
            const texts = isList(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [];
            return [name, credentialOf(name, this.#schemes.get(name)?.value, texts)] as const;
          }),
        ),
    );
  }

  #emits(operation: Placed): readonly (readonly [string, Placed])[] {
    return [
      ...this.#membersOf(operation, EXTENSION.emits),
      ...this.#membersOf(operation, 'responses').flatMap(([status, response]) => {
        const emits = this.#member(response, EXTENSION.emits);
        return emits ? [[status, emits] as const] : [];
      }),
    ];
  }

  #parameters(holder: Placed): readonly Parameter[] {
    const list = objectOf(holder)['parameters'];
    const pointer = childPointer(holder.pointer, 'parameters');
    return (isList(list) ? list : []).flatMap((item, index) => {
      const placed = this.#version.follow(item, childPointer(pointer, index));
      const { name, in: where } = objectOf(placed);
      if (!placed || typeof name !== 'string' || typeof where !== 'string') return [];
      if (where === 'header' && SAID_ELSEWHERE.has(name.toLowerCase())) return [];
      return [this.#parameter(placed, name, where)];
    });
  }

  #parameter(placed: Placed, name: string, where: string): Parameter {
    const raw = objectOf(placed);
    const { required, style, explode } = raw;
    const usual = where === 'query' || where === 'cookie' ? 'form' : 'simple';
    const used = typeof style === 'string' ? style : usual;
    const [[mediaType, media] = ['', undefined]] = this.#content(placed);
    const schema = this.#member(placed, 'schema', false) ?? media?.schema;
    const { type } = objectOf(schema && this.#version.follow(schema.value, schema.pointer));
    return {
      raw,
      name,
      in: where,
      required: required === true || where === 'path',
      pointer: placed.pointer,
      style: used,
      explode: typeof explode === 'boolean' ? explode : used === 'form',
      isJson: /[/+]json$/.test(mediaType),
      ...(schema ? { schema } : {}),
      ...(typeof type === 'string' ? { type } : {}),
    };
  }

  #response(status: string, response: Placed): Response {
    const headers = this.#membersOf(response, 'headers').map(([name, header]) => {
      const lower = name.toLowerCase();
      return [lower, this.#parameter(header, name, 'header')] as const;
    });
    return {
      raw: objectOf(response),
      status,
      pointer: response.pointer,
      content: this.#content(response),
      // OpenAPI 3.1, section 4.8.17: a header of this name is ignored, because `content` has it.
      headers: new Map(headers.filter(([name]) => name !== 'content-type')),
    };
  }

  #content(holder: Placed): ReadonlyMap<string, Media> {
    return new Map(
      this.#membersOf(holder, 'content').map(([type, media]) => {
        const schema = this.#member(media, 'schema', false);
        return [bareType(type), { raw: objectOf(media), pointer: media.pointer, ...(schema ? { schema } : {}) }];
      }),
    );
  }

  #membersOf(holder: Placed, key: string): readonly (readonly [string, Placed])[] {
    const placed = this.#member(holder, key);
    return placed ? this.#members(placed.value, placed.pointer) : [];
  }

  #members(value: JsonValue | undefined, pointer: string): readonly (readonly [string, Placed])[] {
    return Object.entries(isObject(value) ? value : {}).flatMap(([key, member]) => {
      const placed = this.#version.follow(member, childPointer(pointer, key));
      return placed ? [[key, placed] as const] : [];
    });
  }

  /** A member; `follow` is false for schemas, whose references the engine follows. */
  #member(holder: Placed, key: string, follow = true): Placed | undefined {
    const value = objectOf(holder)[key];
    const pointer = childPointer(holder.pointer, key);
    if (follow) return this.#version.follow(value, pointer);
    return value === undefined ? undefined : { value, pointer };
  }
}

/** The operations of a path item, with their methods in lower case. */
function methodsOf(version: Version, item: Placed): readonly (readonly [method: string, operation: Placed])[] {
  return PATH_ITEM_METHODS.flatMap((method) => {
    const operation = version.follow(objectOf(item)[method], childPointer(item.pointer, method));
    return isObject(operation?.value) ? [[method, operation] as const] : [];
  });
}

function objectOf(placed: Placed | undefined): JsonObject {
  return isObject(placed?.value) ? placed.value : {};
}

/** The URL of a server with the defaults of its variables. */
function urlOf(server: JsonObject): string {
  const { url, variables } = server;
  if (typeof url !== 'string') return '';
  return url
    .replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
      const variable = isObject(variables) ? variables[name] : undefined;
      const value = isObject(variable) ? variable['default'] : undefined;
      return typeof value === 'string' ? value : whole;
    })
    .replace(/\/+$/, '');
}

function basePath(url: string): string {
  return url.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*/, '');
}

/** A URL that a client can call, whatever server the document has. */
function absolute(url: string): string {
  return url !== basePath(url) && URL.canParse(url) ? url : NO_SERVER + basePath(url);
}
