import { type Pair } from './pair.ts';
import { OPERATIONS } from './operations.ts';
import { OBJECTS } from './objects.ts';
import { UNIONS } from './unions.ts';
import { VALUES } from './values.ts';

export const PAIRS: readonly Pair[] = [...VALUES, ...OBJECTS, ...UNIONS, ...OPERATIONS];

/**
 * Both versions of an OpenAPI 3.1 document with one operation per pair: `POST /<id>`. Operations share nothing, so each
 * finding belongs to one pair.
 */
export function documents(pairs: readonly Pair[]): readonly [old: object, next: object] {
  return [
    documentOf(
      pairs,
      ({ old }) => old,
      ({ oldSchemas }) => oldSchemas,
    ),
    documentOf(
      pairs,
      ({ next }) => next,
      ({ nextSchemas }) => nextSchemas,
    ),
  ];
}

function documentOf(
  pairs: readonly Pair[],
  operationOf: (pair: Pair) => Pair['old'],
  schemasOf: (pair: Pair) => Pair['oldSchemas'],
): object {
  return {
    openapi: '3.1.0',
    info: { title: 'Pairs', version: '1' },
    paths: Object.fromEntries(
      pairs.map((pair) => [`/${pair.id}`, { post: { operationId: pair.id, ...operationOf(pair) } }]),
    ),
    components: {
      schemas: Object.assign({}, ...pairs.map((pair) => schemasOf(pair) ?? {})),
      securitySchemes: {
        login: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: '/token', scopes: { read: 'read', audit: 'audit' } } },
        },
        key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      },
    },
  };
}
