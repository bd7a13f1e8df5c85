import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { kebab } from '../report/changeOf.ts';

/** Applicators whose schemas are about the same object (JSON Schema 2020-12, section 10.2). */
const IN_PLACE = ['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else'] as const;

/**
 * The places of a meta-schema as claims write them: `object.key`. Objects are the root, the definitions without those
 * that `skip` matches, the definitions inside these, and objects that a property has in place.
 */
export function objectPlaces(root: JsonObject, definitions: JsonValue | undefined, skip: RegExp): readonly string[] {
  const named = Object.entries(isObject(definitions) ? definitions : {}).filter(([name]) => !skip.test(name));
  const places = [['document', root] as const, ...named].flatMap(([name, schema]) =>
    placesIn(objectName(name), schema),
  );
  return [...new Set(places)];
}

function placesIn(object: string, schema: JsonValue | undefined): readonly string[] {
  if (!isObject(schema)) return [];
  const { properties, $defs, dependentSchemas, items } = schema;
  const nested = object === 'document' ? [] : membersOf($defs);
  return [
    ...membersOf(properties).flatMap(([key, member]) => [
      `${object}.${key}`,
      ...placesIn(`${object}-${objectName(key)}`, member),
    ]),
    ...IN_PLACE.flatMap((keyword) => listOf(schema[keyword]).flatMap((part) => placesIn(object, part))),
    ...membersOf(dependentSchemas).flatMap(([, part]) => placesIn(object, part)),
    ...placesIn(object, items),
    ...nested.flatMap(([name, part]) => placesIn(`${object}-${objectName(name)}`, part)),
  ];
}

function membersOf(value: JsonValue | undefined): readonly (readonly [string, JsonValue])[] {
  return isObject(value) ? Object.entries(value).map(([key, member = null]) => [key, member] as const) : [];
}

function listOf(value: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  return isList(value) ? value : [value];
}

/** `PathItem` of OpenAPI 3.0 is `path-item` of 3.1, and each version of the Kafka bindings is `kafka-channel`. */
function objectName(definition: string): string {
  const binding = /^bindings-(kafka)-.*-(\w+)$/.exec(definition);
  const name = binding
    ? `${binding[1] ?? ''}-${binding[2] ?? ''}`
    : definition.replace(/^SecurityScheme$/, 'security-scheme');
  const plain = name.replaceAll(/(?<=[A-Z])[A-Z]+(?=[A-Z][a-z]|$)/g, (letters) => letters.toLowerCase());
  return kebab(plain).replace(/^-/, '');
}
