import {
  code,
  isObject,
  join,
  lit,
  propertyKey,
  unescapeToken,
  type Code,
  type JsonValue,
  type Param,
  type ResponseHeader,
} from '@atlas/ir';

const COMPONENT = /^#\/components\/schemas\/([^/]+)$/;

/**
 * The type of a whole body: its component if it is one, else `fallback`, the path to it within its operation. Both are
 * in types.ts, as openapi-typescript prints them.
 */
export function bodyType(schema: JsonValue, fallback: Code): Code {
  return componentType(schema) ?? fallback;
}

/** A parameter's type after parsing. It is printed where it is used, because parameters are small. */
export function paramType({ schema, shape }: Param): Code {
  const component = componentType(schema);
  if (component) return component;
  if (shape.kind === 'array') {
    const items = isObject(schema) ? schema['items'] : undefined;
    const item = componentType(items) ?? enumType(items) ?? primitive(shape.items);
    return code`readonly (${item})[]`;
  }
  if (shape.kind === 'object') return objectType(schema, shape.properties);
  return primitiveType({ schema, shape });
}

/** The type of a parameter or header that is one primitive. */
export function primitiveType({ schema, shape }: Pick<ResponseHeader, 'schema' | 'shape'>): Code {
  return componentType(schema) ?? enumType(schema) ?? primitive(shape.kind);
}

function objectType(schema: JsonValue, properties: Readonly<Record<string, string>>): Code {
  const required = isObject(schema) && Array.isArray(schema['required']) ? schema['required'] : [];
  const members = Object.entries(properties).map(
    ([name, kind]) =>
      code`readonly ${propertyKey(name)}${required.includes(name) ? code`` : code`?`}: ${primitive(kind)}`,
  );
  return code`{ ${join(members, '; ')} }`;
}

function componentType(schema: JsonValue | undefined): Code | undefined {
  const ref = isObject(schema) ? schema['$ref'] : undefined;
  const name = typeof ref === 'string' ? COMPONENT.exec(ref)?.[1] : undefined;
  return name === undefined ? undefined : code`components['schemas'][${lit(unescapeToken(decodeURIComponent(name)))}]`;
}

function enumType(schema: JsonValue | undefined): Code | undefined {
  if (!isObject(schema)) return undefined;
  const values = schema['const'] === undefined ? schema['enum'] : [schema['const']];
  if (!Array.isArray(values) || values.length === 0) return undefined;
  const list: readonly JsonValue[] = values;
  return join(
    list.map((value) => lit(value)),
    ' | ',
  );
}

function primitive(kind: string): Code {
  return kind === 'string' ? code`string` : kind === 'boolean' ? code`boolean` : code`number`;
}
