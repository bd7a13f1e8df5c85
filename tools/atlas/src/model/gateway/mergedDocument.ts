import { EXTENSION_PREFIX, HTTP_METHODS, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { membersOf, type ApiDocument } from './apiDocument.ts';
import { keptApart } from './keptApart.ts';
import { withNames, type Renamed } from './withNames.ts';

/**
 * The documents of several services as one, valid OpenAPI 3.1. Components, tags and operation ids that mean the same
 * everywhere appear once. The others get the name of their service as a prefix. Servers are left out, because all paths
 * are behind the gateway. No two documents may have the same path.
 */
export function mergedDocument(apis: readonly ApiDocument[], info: JsonObject): JsonObject {
  const names = keptApart(apis);
  const paths: Record<string, JsonValue> = {};
  const webhooks: Record<string, JsonValue> = {};
  const tags = new Map<string, JsonValue>();
  const components: Record<string, Record<string, JsonValue>> = {};
  const limited = limitedResponse(apis);
  for (const api of apis) {
    const renamed = names.of(api.service);
    const document = withNames(api, renamed);
    for (const [path, item] of membersOf(document['paths']))
      if (path.startsWith('/')) paths[`${api.basePath}${path}`] = pathItem(item, document, api.service, limited.ref);
    for (const [name, item] of membersOf(document['webhooks']))
      webhooks[Object.hasOwn(webhooks, name) ? `${api.service}.${name}` : name] = item;
    for (const [name, tag] of tagsOf(document, renamed)) tags.set(name, tag);
    for (const [section, members] of membersOf(document['components']))
      for (const [name, member] of membersOf(members)) (components[section] ??= {})[name] = member;
  }
  if (Object.keys(paths).length > 0) (components['responses'] ??= {})[limited.name] = LIMITED;
  return {
    openapi: '3.1.0',
    info,
    ...(tags.size > 0 ? { tags: [...tags.values()] } : {}),
    paths,
    ...(Object.keys(webhooks).length > 0 ? { webhooks } : {}),
    ...(Object.keys(components).length > 0 ? { components } : {}),
  };
}

/**
 * A path item without servers. Its operations say which service answers, and that the gateway may refuse the request.
 */
function pathItem(item: JsonValue, document: JsonObject, service: string, limited: string): JsonValue {
  return Object.fromEntries(
    membersOf(item).flatMap(([key, value]) => {
      if (key === 'servers') return [];
      if (!HTTP_METHODS.some((method) => method === key) || !isObject(value)) return [[key, value]];
      const { servers: _, responses, ...operation } = value;
      const security = operation['security'] ?? document['security'];
      return [
        [
          key,
          {
            ...operation,
            ...(security === undefined ? {} : { security }),
            responses: withLimited(isObject(responses) ? responses : {}, limited),
            [`${EXTENSION_PREFIX}service`]: service,
          },
        ],
      ];
    }),
  );
}

function withLimited(responses: JsonObject, ref: string): JsonObject {
  return responses['429'] === undefined ? { ...responses, '429': { $ref: ref } } : responses;
}

function tagsOf(document: JsonObject, renamed: Renamed): readonly (readonly [string, JsonValue])[] {
  const tags = document['tags'];
  return (Array.isArray(tags) ? tags : []).flatMap((tag: JsonValue) => {
    const name = isObject(tag) ? tag['name'] : undefined;
    return typeof name === 'string' && isObject(tag)
      ? [[renamed.of('tags', name), { ...tag, name: renamed.of('tags', name) }] as const]
      : [];
  });
}

/** A name for the answer to too many requests that no service uses. */
function limitedResponse(apis: readonly ApiDocument[]): { readonly name: string; readonly ref: string } {
  const taken = new Set(
    apis.flatMap(({ document }) => {
      const components = document['components'];
      return isObject(components) ? membersOf(components['responses']).map(([name]) => name) : [];
    }),
  );
  let name = 'RateLimited';
  while (taken.has(name)) name += '_';
  return { name, ref: `#/components/responses/${name}` };
}

/** The gateway may answer any operation with this. The headers are those of draft-ietf-httpapi-ratelimit-headers. */
const LIMITED: JsonObject = {
  description: 'Too many requests of this caller; try again later.',
  headers: {
    'Retry-After': { description: 'Seconds to wait before the next try.', schema: { type: 'integer', minimum: 0 } },
    RateLimit: { description: 'What is left of the quota, and until when.', schema: { type: 'string' } },
    'RateLimit-Policy': { description: 'The quota and its window in seconds.', schema: { type: 'string' } },
  },
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'code'],
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer', const: 429 },
          code: { type: 'string', const: 'rate-limited' },
          detail: { type: 'string' },
          correlationId: { type: 'string' },
        },
      },
    },
  },
};
