import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';

/** The objects of a meta-schema with their keys: the root, and its definitions without those that `skip` matches. */
export function placesOf(
  root: JsonObject,
  definitions: JsonValue | undefined,
  skip: RegExp,
): readonly (readonly [object: string, key: string])[] {
  const objects = [
    ['document', root] as const,
    ...Object.entries(isObject(definitions) ? definitions : {}).filter(([name]) => !skip.test(name)),
  ];
  return objects.flatMap(([name, schema]) => {
    const properties = isObject(schema) ? schema['properties'] : undefined;
    return isObject(properties) ? Object.keys(properties).map((key) => [name, key] as const) : [];
  });
}
