import { childPointer, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { childKind, type Kind } from '../../read/openapi/openapiKinds.ts';
import { withComponentRefs } from './componentRefs.ts';
import { fixesProperty } from './discriminate.ts';
import { eagerCircles, withoutEager } from './eagerCircles.ts';
import { freeMark, withoutInherited } from './inheritedNames.ts';

/** The keys that openapi-typescript looks for in every object, also in examples and other data. */
const SOUGHT: ReadonlySet<string> = new Set(['$ref', 'allOf', 'discriminator']);

/** A keyword of OpenAPI 3.0, which the tool follows in 3.1 too, where it means nothing. */
const OUTDATED = 'nullable';

/**
 * A copy of a document for openapi-typescript, which may change it. In data, the keys that the tool would take for its
 * own have other names; `restore` puts the names back in a text that was made from the document. Mappings of
 * discriminators have references only, and an object that allows any member says so.
 */
export function typesDocument(given: JsonObject): {
  readonly document: JsonObject;
  readonly restore: (text: string) => string;
} {
  const document = withComponentRefs(given);
  const mark = freeMark(JSON.stringify(document), 'data_');
  const components = document['components'];
  const schemas = isObject(components) && isObject(components['schemas']) ? components['schemas'] : {};
  const circles = eagerCircles(schemas);
  const copied = (value: JsonValue, kind: Kind): JsonValue => {
    if (Array.isArray(value)) return value.map((item: JsonValue) => copied(item, childKind(kind, 0)));
    if (!isObject(value)) return value;
    const members = Object.entries(value).flatMap(([key, child]): [string, JsonValue][] => {
      if (child === undefined) return [];
      if (kind === 'schema' && key === 'discriminator' && fixesProperty(document, value)) return [];
      if (kind === 'schema' && key === OUTDATED) return [];
      if (kind === 'mapping*') return mapped(child).map((to) => [key, to]);
      const name = kind === 'data' && SOUGHT.has(key) ? `${mark}${key}` : key;
      return [[name, copied(child, childKind(kind, key))]];
    });
    const copy = Object.fromEntries(members);
    return kind === 'schema' && isFreeForm(value) ? { ...copy, additionalProperties: true } : copy;
  };
  /** A name of a schema is a reference to it (OpenAPI 3.1, section 4.8.25). */
  const mapped = (to: JsonValue): readonly string[] => {
    if (typeof to !== 'string') return [];
    if (Object.hasOwn(schemas, to)) return [`#${childPointer('/components/schemas', to)}`];
    return to.startsWith('#/') ? [to] : [];
  };
  const own = copied(withoutCircles(document, circles), 'document');
  const named = withoutInherited(isObject(own) ? own : {});
  return { document: named.document, restore: (text) => named.restore(text).replaceAll(mark, '') };
}

/** The document whose components with a circle of types have one reference less. */
function withoutCircles(document: JsonObject, circles: ReadonlySet<string>): JsonObject {
  const components = document['components'];
  if (circles.size === 0 || !isObject(components) || !isObject(components['schemas'])) return document;
  const schemas = Object.entries(components['schemas']).map(([name, schema]) => [
    name,
    schema === undefined ? schema : withoutEager(schema, circles),
  ]);
  return { ...document, components: { ...components, schemas: Object.fromEntries(schemas) } };
}

/** Keywords that say something about the members of an object, or give a type of their own. */
const CONSTRAINING: readonly string[] = [
  '$ref',
  'additionalProperties',
  'allOf',
  'anyOf',
  'const',
  'enum',
  'oneOf',
  'patternProperties',
  'properties',
  'unevaluatedProperties',
];

/** Whether a schema is for objects with any members: the tool's type for it would be that of an empty object. */
function isFreeForm(schema: JsonObject): boolean {
  const type = schema['type'];
  const isForObjects = type === 'object' || (Array.isArray(type) && type.includes('object'));
  return isForObjects && CONSTRAINING.every((key) => !Object.hasOwn(schema, key));
}
