import { isObject, code, ident, type Code, type HttpApi, type JsonObject, type JsonValue } from '@atlas/ir';
import { serializedParts } from './parts.ts';
import { SchemaSet } from './schemaSet.ts';
import { shaper } from './shape.ts';

/**
 * http/compiled/serializers.js by fast-json-stringify. A response is validated before it is serialised, so its schema is
 * reduced to what shapes the text: members, items and types. Where the shape depends on the value (oneOf, if), the
 * value is written by JSON.stringify; that needs no validator at run time. Equal schemas share one serialiser.
 */
export async function serializersModule(api: HttpApi): Promise<string> {
  const fastJson = await import('fast-json-stringify');
  const parts = serializedParts(api);
  const set = new SchemaSet(api.wireDocument);
  const cleaned = parts.map(({ name, schema }) => ({ name, schema: set.clean(schema) }));
  const shapeOf = shaper(set.shared);
  const shared = Object.fromEntries([...set.shared].map(([name, schema]) => [name, shapeOf(schema)]));
  const written = new Map<string, string>();
  const functions: string[] = [];
  const exports = cleaned.map(({ name, schema }) => {
    const shape = shapeOf(schema);
    const key = JSON.stringify(shape);
    const known = written.get(key) ?? `write${written.size}`;
    if (!written.has(key)) functions.push(`const ${known} = ${writer(fastJson.default, shape, shared)};`);
    written.set(key, known);
    return `export const ${name} = ${known};`;
  });
  return ["import { serializer } from '@atlas/runtime/validate';", ...functions, ...exports, ''].join('\n');
}

type FastJson = (typeof import('fast-json-stringify'))['default'];
type FastJsonSchema = Parameters<FastJson>[0];

const EXPORT = 'module.exports = ';
const CALL = '(validator, serializer)';

function writer(fastJson: FastJson, shape: JsonValue, shared: JsonObject): string {
  const root = isObject(shape) ? resolved(shape, shared) : undefined;
  if (!root || Object.keys(root).length === 0 || !isFastJsonSchema(root)) return 'JSON.stringify';
  const schema: Record<string, FastJsonSchema> = {};
  for (const [name, value] of Object.entries(shared))
    if (isObject(value) && isFastJsonSchema(value)) schema[name] = value;
  try {
    const text = String(fastJson(root, { mode: 'standalone', schema }));
    const start = text.indexOf(EXPORT);
    const end = text.lastIndexOf(CALL);
    if (!text.includes('const validator = null\n') || start < 0 || end < start) return 'JSON.stringify';
    return `(${text.slice(start + EXPORT.length, end)})(null, serializer)`;
  } catch {
    return 'JSON.stringify'; // slower, and as right: a schema that can't be merged into one shape
  }
}

/** The compiler's types want a literal `type`; it reads any schema. */
function isFastJsonSchema(schema: object): schema is FastJsonSchema {
  return typeof schema === 'object';
}

/** A root that is nothing but a reference is what it refers to: the compiler wants a schema of its own there. */
function resolved(shape: JsonObject, shared: JsonObject): JsonObject | undefined {
  let current: JsonValue | undefined = shape;
  for (let steps = 0; isObject(current) && typeof current['$ref'] === 'string'; steps++) {
    if (steps > 50 || Object.keys(current).length > 1) return undefined;
    current = shared[current['$ref'].replace(/#$/, '')];
  }
  return isObject(current) ? current : undefined;
}

/** compiled/serializers.d.ts. */
export function serializersDeclaration(api: HttpApi): Code {
  return code`
    import type { Serialize } from '@atlas/runtime';

    ${serializedParts(api).map(({ name }) => code`export declare const ${ident(name)}: Serialize;`)}
  `;
}
