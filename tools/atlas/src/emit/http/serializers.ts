import { isObject, code, ident, type Code, type HttpApi, type JsonObject, type JsonValue } from '@atlas/ir';
import { refsIn } from '../../jsonschema/walk.ts';
import { serializedParts } from './parts.ts';
import { SchemaSet } from './schemaSet.ts';
import { textSchema } from './textSchema.ts';

/**
 * http/compiled/serializers.js by fast-json-stringify. A response is validated before it is serialised, so its schema
 * is reduced to what decides how it is written: members, items and types. If the schema does not describe the whole
 * value, JSON.stringify writes it, so that everything that the validator accepts is written. Equal schemas share one
 * serialiser.
 */
export async function serializersModule(api: HttpApi): Promise<string> {
  const fastJson = await import('fast-json-stringify');
  const parts = serializedParts(api);
  const set = new SchemaSet(api.wireDocument);
  const cleaned = parts.map(({ name, schema }) => ({ name, schema: set.clean(schema) }));
  const shared = Object.fromEntries([...set.shared].map(([name, schema]) => [name, textSchema(schema)]));
  const written = new Map<string, string>();
  const openings = new Set<string>();
  const functions: string[] = [];
  const exports = cleaned.map(({ name, schema }) => {
    const reduced = textSchema(schema);
    const key = JSON.stringify(reduced);
    const known = written.get(key);
    if (known !== undefined) return `export const ${name} = ${known};`;
    const own = `write_${written.size}`; // no operation has an underscore in its name, so the name is free
    written.set(key, own);
    const compiled = compile(fastJson.default, reduced, shared);
    if (compiled) openings.add(compiled.opening);
    functions.push(`const ${own} = ${compiled ? `(() => {${compiled.body}})()` : 'JSON.stringify'};`);
    return `export const ${name} = ${own};`;
  });
  const text = functions.join('\n\n');
  return [
    ...(openings.size > 0 ? ["import { serializer } from '@atlas/runtime/validate';", ''] : []),
    ...usedOf([...openings], text),
    '',
    text,
    '',
    ...exports,
    '',
  ].join('\n');
}

type FastJson = (typeof import('fast-json-stringify'))['default'];
type FastJsonSchema = Parameters<FastJson>[0];

/**
 * The compiler's output: a function that begins with declarations, the same in each, and returns the function that
 * writes.
 */
const COMPILED =
  /module\.exports = function anonymous\(validator,serializer\n\) \{\n(.*?\n *const JSON_STR_NULL = 'null'\n)(.*)\}\(validator, serializer\)$/s;

/** The two parts of such a function. Undefined if JSON.stringify has to write the value. */
function compile(
  fastJson: FastJson,
  reduced: JsonValue,
  shared: JsonObject,
): { readonly opening: string; readonly body: string } | undefined {
  const root = isObject(reduced) ? resolved(reduced, shared) : undefined;
  if (!root || Object.keys(root).length === 0 || !isFastJsonSchema(root)) return undefined;
  const names = namesBehind(root, shared);
  if (!names) return undefined;
  const schema: Record<string, FastJsonSchema> = {};
  for (const name of names) {
    const value = shared[name];
    if (isObject(value) && isFastJsonSchema(value)) schema[name] = value;
  }
  let text: string;
  try {
    text = String(fastJson(root, { mode: 'standalone', schema }));
  } catch {
    return undefined; // slower, but correct: the parts of a schema can't always be merged into one schema
  }
  if (!text.includes('const validator = null\n')) return undefined;
  const [, opening, body] = COMPILED.exec(text.trimEnd()) ?? [];
  if (opening === undefined || body === undefined)
    throw new Error('fast-json-stringify gives code that this version of atlas does not know');
  return { opening, body };
}

/** The compiler takes every path through the references, and recurses. Beyond these limits, JSON.stringify writes. */
const MOST_PATHS = 2000;
const DEEPEST = 100;

/** The shared schemas that a schema leads to. Undefined if there are too many paths to them, or too long ones. */
function namesBehind(root: JsonValue, shared: JsonObject): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  const path = new Set<string>();
  const next = (schema: JsonValue | undefined): Iterator<string> => refsIn(schema ?? true).values();
  const stack = [{ name: '', refs: next(root) }];
  let paths = 0;
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { value: ref, done } = top.refs.next();
    if (done === true) {
      stack.pop();
      path.delete(top.name);
      continue;
    }
    const name = ref.replace(/#$/, '');
    found.add(name);
    if (path.has(name)) continue;
    if (++paths > MOST_PATHS || stack.length > DEEPEST) return undefined;
    path.add(name);
    stack.push({ name, refs: next(shared[name]) });
  }
  return found;
}

/**
 * The declarations that the text needs, for the module to have once: names of `serializer`, and constants, which may
 * need constants above them. `openings` are the beginnings of all functions.
 */
function usedOf(openings: readonly string[], text: string): readonly string[] {
  const [opening = '', other] = openings;
  if (other !== undefined) throw new Error('fast-json-stringify begins its code in more than one way');
  const isUsed = (name: string, where: string): boolean => new RegExp(`\\b${name}\\b`).test(where);
  const writers = [...(/^ *const \{([^}]*)\} = serializer$/m.exec(opening)?.[1]?.matchAll(/\w+/g) ?? [])]
    .map(([name]) => name)
    .filter((name) => isUsed(name, text));
  const constants = [...opening.matchAll(/^ *const (\w+) = (.*)$/gm)].reduceRight<readonly string[]>(
    (used, [, name = '', value = '']) =>
      isUsed(name, text) || used.some((line) => isUsed(name, line)) ? [`const ${name} = ${value};`, ...used] : used,
    [],
  );
  return [...(writers.length > 0 ? [`const { ${writers.join(', ')} } = serializer;`] : []), ...constants];
}

/** The compiler's types require a literal `type`, but it reads any schema. */
function isFastJsonSchema(schema: object): schema is FastJsonSchema {
  return typeof schema === 'object';
}

/** Replaces a root that is only a reference by its target, because the compiler needs a schema there. */
function resolved(reduced: JsonObject, shared: JsonObject): JsonObject | undefined {
  let current: JsonValue | undefined = reduced;
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
