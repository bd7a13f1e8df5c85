import type { JsonObject } from '@atlas/ir';
import type { Dialect } from '../../jsonschema/keywords.ts';
import { ApiSchemas, ref } from './apiSchemas.ts';
import type { Dice } from './dice.ts';

/** Shared schemas of each random document: `Cat` and `Dog` are distinguished by `kind`. */
const SHARED = ['Word', 'Item', 'Part', 'Pet'];

/** A random OpenAPI document of one or two operations, a webhook, and schemas that they share. */
export function randomApi(dice: Dice): JsonObject {
  const version = dice.pick(['3.1.0', '3.0.3']);
  const dialect: Dialect = version === '3.1.0' ? '2020-12' : 'openapi-3.0';
  return new ApiWriter(dice, dialect).document(version);
}

class ApiWriter {
  readonly #dice: Dice;
  readonly #schemas: ApiSchemas;
  readonly #isLatest: boolean;

  constructor(dice: Dice, dialect: Dialect) {
    this.#dice = dice;
    this.#isLatest = dialect === '2020-12';
    this.#schemas = new ApiSchemas(dice, dialect, SHARED);
  }

  document(openapi: string): JsonObject {
    const dice = this.#dice;
    const paths = dice.pick<JsonObject>([
      { '/items/{id}': { put: this.#operation(['id']) } },
      { '/items': { post: this.#operation([]) } },
      { '/items': { get: this.#operation([]) }, '/items/{id}': { patch: this.#operation(['id']) } },
      { '/{kind}/{id}': { post: this.#operation(['kind', 'id']) }, '/items/first': { post: this.#operation([]) } },
    ]);
    const taken = { description: 'Taken.', ...(dice.once(2) ? { content: this.#content() } : {}) };
    const hook = { itemChanged: { post: { ...this.#body(), responses: { 200: taken } } } };
    return {
      openapi,
      info: { title: 'Random', version: '1.0.0' },
      ...dice.pick<JsonObject>([
        {},
        {},
        { servers: [{ url: 'https://api.example/v1' }] },
        { servers: [{ url: '/v1' }] },
      ]),
      ...dice.pick<JsonObject>([{}, { security: [{ key: [] }] }]),
      paths,
      ...(this.#isLatest && dice.once(4) ? { webhooks: hook } : {}),
      components: { schemas: this.#shared(), securitySchemes: SECURITY },
    };
  }

  #shared(): JsonObject {
    const kind = (name: string): JsonObject => ({
      type: 'object',
      required: ['kind'],
      properties: {
        kind: this.#dice.pick<JsonObject>([{ type: 'string' }, { type: 'string', enum: [name] }]),
        a: this.#schemas.scalar(),
      },
    });
    return {
      Word: this.#schemas.scalar(),
      Item: this.#schemas.object(2),
      Part: this.#schemas.object(1),
      Pet: {
        oneOf: [ref('Cat'), ref('Dog')],
        discriminator: {
          propertyName: 'kind',
          ...this.#dice.pick([{}, { mapping: { Cat: 'Cat', Dog: ref('Dog')['$ref'] ?? '' } }]),
        },
      },
      Cat: kind('Cat'),
      Dog: kind('Dog'),
    };
  }

  #operation(pathNames: readonly string[]): JsonObject {
    const dice = this.#dice;
    const parameters = [
      ...pathNames.map((name) => ({ name, in: 'path', required: true, schema: this.#inPath() })),
      ...dice.some(['q', 'r']).map((name) => this.#query(name)),
      ...dice.some(['X-Level']).map((name) => this.#small(name, 'header')),
      ...(dice.once(6) ? [this.#small('s', 'cookie')] : []),
    ];
    return {
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(dice.below(3) > 0 ? this.#body() : {}),
      ...dice.pick<JsonObject>([
        {},
        {},
        { security: [] },
        { security: [{ token: [] }, { key: [] }] },
        { security: [{ oauth: ['read', 'write'] }] },
      ]),
      responses: this.#responses(),
    };
  }

  #inPath(): JsonObject {
    return this.#dice.pick<JsonObject>([
      { type: 'string', minLength: 1 },
      { type: 'integer', minimum: 1 },
      { type: 'string', enum: ['a', 'b', 'items'] },
      { type: 'string', pattern: '^[ab]+$' },
    ]);
  }

  #query(name: string): JsonObject {
    const dice = this.#dice;
    const required = dice.once(2) ? { required: true } : {};
    const items = this.#schemas.scalar();
    const list = { type: 'array', items, ...dice.pick<JsonObject>([{}, { maxItems: 2 }, { minItems: 1 }]) };
    const object = { type: 'object', properties: { a: this.#schemas.scalar(), b: { type: 'integer' } } };
    const one = dice.pick<JsonObject>([
      { schema: this.#schemas.scalar() },
      { schema: this.#schemas.scalar() },
      { schema: ref('Word') },
      { schema: list, ...dice.pick<JsonObject>([{}, { explode: false }, { style: 'pipeDelimited', explode: false }]) },
      { schema: object, ...dice.pick<JsonObject>([{ style: 'deepObject', explode: true }, {}, { explode: false }]) },
      { content: { 'application/json': { schema: this.#schemas.any(1) } } },
    ]);
    return { name, in: 'query', ...required, ...one };
  }

  #small(name: string, where: string): JsonObject {
    const dice = this.#dice;
    const schema = dice.pick([this.#schemas.scalar(), { type: 'array', items: { type: 'integer' } }]);
    return { name, in: where, ...(dice.once(2) ? { required: true } : {}), schema };
  }

  #body(): JsonObject {
    const dice = this.#dice;
    return { requestBody: { ...(dice.once(3) ? {} : { required: true }), content: this.#content() } };
  }

  #content(): JsonObject {
    const media = (): JsonObject => ({ schema: this.#schemas.any(3) });
    return this.#dice.pick<() => JsonObject>([
      () => ({ 'application/json': media() }),
      () => ({ 'application/json': media() }),
      () => ({ 'application/json': media(), 'text/csv': { schema: { type: 'string' } } }),
      () => ({ 'application/*': media(), 'application/json': media() }),
    ])();
  }

  #responses(): JsonObject {
    const dice = this.#dice;
    const response = (): JsonObject => ({
      description: 'Done.',
      ...(dice.once(3) ? { headers: this.#headers() } : {}),
      ...(dice.once(5) ? {} : { content: this.#content() }),
    });
    return {
      [dice.pick(['200', '201', '2XX'])]: response(),
      ...(dice.once(4) ? { 202: response() } : {}),
      ...(dice.once(3) ? { 404: response() } : {}),
      ...(dice.once(3) ? { default: response() } : {}),
    };
  }

  #headers(): JsonObject {
    const { name: _, in: __, ...header } = this.#small('X-Left', 'header');
    return { 'X-Left': header };
  }
}

const SECURITY: JsonObject = {
  key: { type: 'apiKey', in: 'header', name: 'X-Key' },
  token: { type: 'http', scheme: 'bearer' },
  oauth: {
    type: 'oauth2',
    flows: {
      clientCredentials: { tokenUrl: 'https://login.example/token', scopes: { read: 'Read.', write: 'Write.' } },
    },
  },
};
