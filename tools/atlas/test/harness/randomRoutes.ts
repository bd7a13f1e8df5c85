import type { JsonObject } from '@atlas/ir';
import { ApiSchemas, ref } from '../../src/breaking/testing/apiSchemas.ts';
import type { Dice } from '../../src/breaking/testing/dice.ts';

const SHARED = ['Word', 'Item', 'Part'];

/** The roles that operations ask for. The document has one scheme. */
export const ROLES: readonly string[] = ['clerk', 'desk', 'admin'];
export const SCHEME = 'login';

const SECURITY: readonly (readonly (readonly string[])[])[] = [
  [],
  [['clerk']],
  [['clerk', 'desk']],
  [['clerk'], ['desk', 'admin']],
];

/** Paths of one document: concrete ones beside templates, with the names of their parameters. */
const PATHS: readonly (readonly [path: string, ...names: readonly string[]])[][] = [
  [['/items/{id}', 'id'], ['/items/first'], ['/items/{id}/parts/{part}', 'id', 'part']],
  [
    ['/{kind}/{id}', 'kind', 'id'],
    ['/items/{id}', 'id'],
    ['/{kind}/first', 'kind'],
  ],
  [['/items'], ['/items/{id}/first', 'id'], ['/items/first/{id}', 'id']],
];

/**
 * A random OpenAPI document that Atlas generates routes from: parameters in all places and styles that it has, bodies,
 * media types, and paths of which one takes requests from another.
 */
export function randomRoutes(dice: Dice): JsonObject {
  const version = dice.pick(['3.1.0', '3.0.3']);
  return new RoutesWriter(dice, version).document();
}

class RoutesWriter {
  readonly #dice: Dice;
  readonly #schemas: ApiSchemas;
  readonly #version: string;

  constructor(dice: Dice, version: string) {
    this.#dice = dice;
    this.#version = version;
    this.#schemas = new ApiSchemas(dice, version === '3.1.0' ? '2020-12' : 'openapi-3.0', SHARED);
  }

  document(): JsonObject {
    const dice = this.#dice;
    const schemas = this.#schemas;
    const paths = dice.pick(PATHS).map(([path, ...names], index) => {
      const read = dice.once(2) ? { get: this.#operation(`read${index}`, names, false) } : {};
      const method = dice.pick(['put', 'post', 'patch', 'delete']);
      return [path, { ...read, [method]: this.#operation(`change${index}`, names, true) }] as const;
    });
    return {
      openapi: this.#version,
      info: { title: 'Random', version: '1.0.0', description: 'Random routes.' },
      ...dice.pick<JsonObject>([{}, { servers: [{ url: '/v1' }] }]),
      paths: Object.fromEntries(paths),
      components: {
        securitySchemes: { [SCHEME]: { type: 'http', scheme: 'bearer' } },
        schemas: { Word: schemas.scalar(), Item: schemas.object(2), Part: schemas.object(1) },
      },
    };
  }

  #operation(operationId: string, pathNames: readonly string[], mayHaveBody: boolean): JsonObject {
    const dice = this.#dice;
    const parameters = [
      ...pathNames.map((name) => this.#inPath(name)),
      ...dice.some(['q', 'r']).map((name) => this.#inQuery(name)),
      ...(dice.once(5) ? [this.#spread('s')] : []),
      ...dice.some(['X-Level', 'X-Part']).map((name) => this.#inHeader(name)),
    ];
    const hasText = !mayHaveBody && dice.once(2);
    return {
      operationId,
      summary: 'Do it.',
      security: dice.pick(SECURITY).map((roles) => ({ [SCHEME]: roles })),
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(mayHaveBody && dice.below(4) > 0 ? { requestBody: this.#body() } : {}),
      responses: {
        200: {
          description: 'Done.',
          content: {
            [dice.pick(['application/json', 'application/vnd.x+json'])]: { schema: {} },
            ...(hasText ? { [dice.pick(['text/csv', 'text/html'])]: { schema: { type: 'string' } } } : {}),
          },
        },
        default: {
          description: 'Refused.',
          content: {
            'application/problem+json': { schema: { type: 'object', properties: { code: { type: 'string' } } } },
          },
        },
      },
    };
  }

  #inPath(name: string): JsonObject {
    const dice = this.#dice;
    const style = dice.pick<JsonObject>([{}, {}, { style: 'simple' }, { style: 'label' }, { style: 'matrix' }]);
    return { name, in: 'path', required: true, ...style, ...this.#explode(), schema: this.#value() };
  }

  #inQuery(name: string): JsonObject {
    const dice = this.#dice;
    const written = dice.pick<() => JsonObject>([
      () => ({ schema: this.#scalar() }),
      () => ({ schema: this.#scalar() }),
      () => ({ schema: this.#list(), ...this.#explode() }),
      () => ({ schema: this.#list(), style: dice.pick(['pipeDelimited', 'spaceDelimited']), explode: false }),
      () => ({ schema: this.#object(), explode: false }),
      () => ({ schema: this.#object(), style: 'deepObject', explode: true }),
    ])();
    return { name, in: 'query', ...this.#required(), ...written };
  }

  /** An object whose members are parameters of the query. */
  #spread(name: string): JsonObject {
    return { name, in: 'query', ...this.#required(), schema: this.#object() };
  }

  #inHeader(name: string): JsonObject {
    return { name, in: 'header', ...this.#required(), ...this.#explode(), schema: this.#value() };
  }

  #required(): JsonObject {
    return this.#dice.once(2) ? { required: true } : {};
  }

  #explode(): JsonObject {
    return this.#dice.pick<JsonObject>([{}, { explode: true }, { explode: false }]);
  }

  #value(): JsonObject {
    return this.#dice.pick([() => this.#scalar(), () => this.#scalar(), () => this.#list(), () => this.#object()])();
  }

  #scalar(): JsonObject {
    return this.#dice.once(6) ? ref('Word') : this.#schemas.scalar();
  }

  #list(): JsonObject {
    const limits = this.#dice.pick<JsonObject>([{}, { minItems: 1 }, { maxItems: 2 }, { uniqueItems: true }]);
    return { type: 'array', items: this.#scalar(), ...limits };
  }

  #object(): JsonObject {
    return {
      type: 'object',
      properties: { a: this.#schemas.scalar(), b: this.#schemas.scalar() },
      ...this.#dice.pick<JsonObject>([
        {},
        {},
        { required: ['a'] },
        { additionalProperties: false },
        { minProperties: 1 },
      ]),
    };
  }

  #body(): JsonObject {
    const type = this.#dice.pick(['application/json', 'application/json', 'application/merge-patch+json']);
    return { ...this.#required(), content: { [type]: { schema: this.#schemas.any(3) } } };
  }
}
