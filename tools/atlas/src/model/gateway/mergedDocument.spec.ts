import { isObject, unescapeToken, type JsonObject, type JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { mergedDocument } from './mergedDocument.ts';

const ref = (path: string): JsonObject => ({ $ref: `#/components/${path}` });
const answers = (schema: string): JsonObject => ({
  '200': { description: 'Yes.', content: { 'application/json': { schema: ref(`schemas/${schema}`) } } },
  default: ref('responses/Refused'),
});
const common: JsonObject = {
  responses: {
    Refused: { description: 'No.', content: { 'application/problem+json': { schema: ref('schemas/Problem') } } },
  },
  securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
};
const problem: JsonObject = { type: 'object', properties: { code: { type: 'string' } } };

const shows: JsonObject = {
  openapi: '3.1.0',
  info: { title: 'Shows', version: '1' },
  servers: [{ url: 'https://shows.example.org' }],
  security: [{ token: ['clerk'] }],
  tags: [{ name: 'Reading', description: 'Of shows.' }],
  paths: {
    '/v1/shows/{id}': {
      servers: [{ url: 'https://other.example.org' }],
      get: { operationId: 'getOne', tags: ['Reading'], responses: answers('Show') },
      put: {
        operationId: 'putShow',
        security: [],
        requestBody: { $ref: '#/paths/~1v1~1shows~1%7Bid%7D/post/requestBody' },
        responses: { ...answers('Show'), '429': { description: 'Own.' } },
      },
      post: {
        operationId: 'renameShow',
        requestBody: { content: { 'application/json': { schema: ref('schemas/Name') } } },
        responses: answers('Show'),
      },
    },
  },
  components: {
    ...common,
    schemas: {
      Problem: problem,
      Name: { type: 'string' },
      Show: { type: 'object', properties: { kind: ref('schemas/Kind'), name: ref('schemas/Name') } },
      Kind: {
        oneOf: [ref('schemas/Play')],
        discriminator: { propertyName: 'is', mapping: { p: 'Play', q: '#/components/schemas/Play' } },
      },
      Play: {
        type: 'object',
        examples: [{ $ref: '#/components/schemas/Play' }],
        properties: { is: { type: 'string' } },
      },
    },
  },
};

const tickets: JsonObject = {
  openapi: '3.1.0',
  info: { title: 'Tickets', version: '1' },
  tags: [{ name: 'Reading', description: 'Of tickets.' }],
  paths: {
    '/tickets': {
      get: { operationId: 'getOne', tags: ['Reading'], security: [{ token: [] }], responses: answers('Ticket') },
    },
  },
  components: {
    ...common,
    schemas: {
      Problem: problem,
      Name: { type: 'string' },
      Ticket: { type: 'object', properties: { play: ref('schemas/Play'), kind: ref('schemas/Kind') } },
      Kind: {
        oneOf: [ref('schemas/Play')],
        discriminator: { propertyName: 'is', mapping: { p: 'Play', q: '#/components/schemas/Play' } },
      },
      Play: { type: 'object', title: 'another play', properties: { is: { type: 'string' } } },
    },
  },
};

const merged = mergedDocument(
  [
    { service: 'shows', basePath: '', document: shows },
    { service: 'tickets', basePath: '/box', document: tickets },
  ],
  { title: 'All', version: '2' },
);

/** The value at a JSON pointer. Throws if there is none. */
function at(pointer: string): JsonValue {
  let value: JsonValue = merged;
  for (const token of pointer.split('/').slice(1)) {
    const key = unescapeToken(decodeURIComponent(token));
    const next: JsonValue | undefined = isObject(value) ? value[key] : undefined;
    if (next === undefined) throw new Error(`${pointer} leads nowhere at ${key}`);
    value = next;
  }
  return value;
}

function refsIn(value: JsonValue): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: JsonValue) => refsIn(item));
  if (!isObject(value)) return [];
  const own = value['$ref'];
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap((child) => refsIn(child ?? null))];
}

describe('the documents of all services as one', () => {
  it('have no reference that leads nowhere, except one that is data', () => {
    const nowhere = refsIn(merged).filter((text) => {
      try {
        at(text.slice(1));
        return false;
      } catch {
        return true;
      }
    });
    expect(nowhere).toEqual(['#/components/schemas/Play']);
  });

  it('share equal parts, and separate parts that only have the same name, with everything that refers to them', () => {
    expect(Object.keys(at('/components/schemas') ?? {}).toSorted()).toEqual(
      ['Name', 'Problem', 'Show', 'Ticket', 'shows.Kind', 'shows.Play', 'tickets.Kind', 'tickets.Play'].toSorted(),
    );
    expect(at('/components/schemas/tickets.Kind/discriminator/mapping')).toEqual({
      p: 'tickets.Play',
      q: '#/components/schemas/tickets.Play',
    });
    expect(at('/components/schemas/Ticket/properties/play')).toEqual(ref('schemas/tickets.Play'));
    expect(Object.keys(at('/components/securitySchemes') ?? {})).toEqual(['token']);
  });

  it('have different operation ids and tags', () => {
    expect(at('/paths/~1v1~1shows~1{id}/get/operationId')).toBe('shows.getOne');
    expect(at('/paths/~1box~1tickets/get/operationId')).toBe('tickets.getOne');
    expect(at('/paths/~1box~1tickets/get/tags')).toEqual(['tickets.Reading']);
    expect(at('/tags')).toEqual([
      { name: 'shows.Reading', description: 'Of shows.' },
      { name: 'tickets.Reading', description: 'Of tickets.' },
    ]);
  });

  it('have on each operation what its document says for all operations', () => {
    expect(at('/paths/~1v1~1shows~1{id}/get/security')).toEqual([{ token: ['clerk'] }]);
    expect(at('/paths/~1v1~1shows~1{id}/put/security')).toEqual([]);
    expect(() => at('/paths/~1v1~1shows~1{id}/servers')).toThrow();
    expect(() => at('/servers')).toThrow();
  });

  it('declare that the gateway may refuse too many requests, unless the operation declares something else', () => {
    expect(at('/paths/~1box~1tickets/get/responses/429')).toEqual(ref('responses/RateLimited'));
    expect(at('/paths/~1v1~1shows~1{id}/put/responses/429')).toEqual({ description: 'Own.' });
    expect(at('/components/responses/RateLimited/content/application~1problem+json/schema/properties/code')).toEqual({
      type: 'string',
      const: 'rate-limited',
    });
  });
});
