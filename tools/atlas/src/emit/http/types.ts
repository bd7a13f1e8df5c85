import { childPointer, isObject, type HttpApi, type JsonObject, type JsonValue } from '@atlas/ir';
import { withComponentRefs } from './componentRefs.ts';
import { eagerCircles, withoutEager } from './eagerCircles.ts';
import { commentOf } from './types/comment.ts';
import { Inheritance } from './types/inheritance.ts';
import { entriesOf, OperationTypes } from './types/operationTypes.ts';
import { SchemaTypes } from './types/schemaTypes.ts';
import { keyOf, objectOf, type Type } from './types/type.ts';

/**
 * http/types.ts, in the form that openapi-typescript gives: `paths`, `webhooks`, `components` and `operations`, which
 * openapi-fetch reads. Everything is readonly, because a handler may run again with the same input. A property with a
 * default stays optional, because defaults are not filled into bodies. Examples and other data are only comments.
 */
export function typesModule({ wireDocument }: Pick<HttpApi, 'wireDocument'>): string {
  const document = withoutCircles(withComponentRefs(wireDocument));
  const schemas = new SchemaTypes(new Inheritance(document));
  const parts = new OperationTypes(document, schemas);
  const items = (key: string): readonly string[] =>
    entriesOf(document[key])
      .filter(([path]) => key !== 'paths' || path.startsWith('/'))
      .map(([path, item]) => `readonly ${keyOf(path)}: ${parts.pathItem(item).text};`);
  const paths = items('paths');
  const webhooks = items('webhooks');
  const components = componentsOf(document['components'], schemas, parts);
  return [
    exported('paths', paths),
    exported('webhooks', webhooks),
    exported('components', components),
    exported('$defs', []),
    exported('operations', parts.operations),
    ...(schemas.needsRequired ? [WITH_REQUIRED] : []),
    '',
  ].join('\n');
}

/** Makes members required, also in a type that may be null, or without a branch that has them. */
const WITH_REQUIRED =
  'type WithRequired<T, K extends PropertyKey> = T extends object ? T & { [P in K & keyof T]-?: T[P] } : T;';

function exported(name: string, members: readonly string[]): string {
  return members.length === 0
    ? `export type ${name} = Record<string, never>;`
    : `export interface ${name} ${objectOf(members).text}`;
}

function componentsOf(
  components: JsonValue | undefined,
  schemas: SchemaTypes,
  parts: OperationTypes,
): readonly string[] {
  if (!isObject(components)) return [];
  const section = (name: string, members: readonly string[]): string =>
    `${name}: ${members.length === 0 ? 'never' : objectOf(members).text};`;
  const each = (name: string, typeOf: (part: JsonObject) => Type): string =>
    section(
      name,
      entriesOf(components[name]).map(
        ([key, part]) => `${commentOf(part)}readonly ${keyOf(key)}: ${typeOf(part).text};`,
      ),
    );
  const own = components['schemas'];
  return [
    section(
      'schemas',
      isObject(own) ? schemas.members(own, (name) => `#${childPointer('/components/schemas', name)}`) : [],
    ),
    each('responses', (part) => parts.response(part)),
    each('parameters', (part) => parts.parameter(part)),
    each('requestBodies', (part) => parts.body(part)),
    each('headers', (part) => parts.header(part)),
    each('pathItems', (part) => parts.pathItem(part)),
  ];
}

/** The document, with one reference less in components whose types form a circle. */
function withoutCircles(document: JsonObject): JsonObject {
  const components = document['components'];
  if (!isObject(components) || !isObject(components['schemas'])) return document;
  const circles = eagerCircles(components['schemas']);
  if (circles.size === 0) return document;
  const schemas = Object.entries(components['schemas']).map(([name, schema]) => [
    name,
    schema === undefined ? schema : withoutEager(schema, circles),
  ]);
  return { ...document, components: { ...components, schemas: Object.fromEntries(schemas) } };
}
