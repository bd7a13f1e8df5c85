import { isObject, type HttpApi, type JsonValue } from '@atlas/ir';
import { code, ident, type Code } from '@atlas/ir';
import { boundErrors } from './boundedErrors.ts';
import { discriminate } from './discriminate.ts';
import { configuredAjv } from './configuredAjv.ts';
import { paramDefault, validatedParts, type Part } from './parts.ts';
import { SchemaSet } from './schemaSet.ts';

/** A schema that a compiler refused. */
interface CompileFailure {
  readonly part: Part;
  readonly message: string;
}

export interface CompiledModule {
  readonly text: string;
  readonly failures: readonly CompileFailure[];
}

/** http/compiled/validators.js. Loads ajv, which no other part of a run needs. */
export async function validatorsModule(api: HttpApi): Promise<CompiledModule> {
  const [{ Ajv2020 }, standalone, formats] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv/dist/standalone/index.js'),
    import('ajv-formats'),
  ]);
  const parts = validatedParts(api);
  const set = new SchemaSet(api.wireDocument, (schema) => discriminate(api.wireDocument, schema));
  const cleaned = parts.map((part) => ({ part, schema: withDefaults(api, part, set.clean(part.schema)) }));
  const words = JSON.stringify([...cleaned.map(({ schema }) => schema), ...set.shared.values()]);
  const ajv = configuredAjv({ Ajv2020, addFormats: formats.default.default }, words);
  for (const [name, schema] of set.shared) ajv.addSchema(asSchema(schema), name);
  const failures: CompileFailure[] = [];
  const exported: Record<string, string> = {};
  for (const { part, schema } of cleaned) {
    const key = keyOf(part);
    try {
      ajv.addSchema(asSchema(schema), key);
      if (ajv.getSchema(key) === undefined) throw new Error('it has no validator');
      exported[key] = key;
    } catch (error) {
      failures.push({ part, message: error instanceof Error ? error.message : String(error) });
    }
  }
  if (failures.length > 0) return { text: '', failures };
  const text = parts.length === 0 ? '' : standalone.default.default(ajv, exported);
  return { text: rewriteValidators(text, parts), failures };
}

/** Keys have a prefix, so that no operation has a name that the compiled code uses. */
function keyOf({ name }: Part): string {
  return `check_${name}`;
}

/** Turns ajv's output into a module of ours. */
function rewriteValidators(text: string, parts: readonly Part[]): string {
  const rewritten = rewriteRequires(text)
    .replace(/^"use strict";/, '')
    .replaceAll(/\/\*# sourceURL="check_\w+" \*\/;/g, '');
  const exports = parts.map((part) => `export const ${part.name} = problems(${keyOf(part)});`);
  return [
    "import { equal, formats, isMultiple, joinErrors, MAX_COLLECTED, problems, ucs2length } from '@atlas/runtime/validate';",
    exactMultiples(boundErrors(rewritten)),
    ...exports,
    '',
  ].join('\n');
}

/** compiled/validators.d.ts. */
export function validatorsDeclaration(api: HttpApi): Code {
  return code`
    import type { Validate } from '@atlas/runtime';

    ${validatedParts(api).map(({ name }) => code`export declare const ${ident(name)}: Validate;`)}
  `;
}

/** Puts back the defaults of parameters, which `clean` removed. Those of bodies stay out: bodies are not filled in. */
function withDefaults(api: HttpApi, { name, operation }: Part, schema: JsonValue): JsonValue {
  if (!name.endsWith('Params') || !isObject(schema) || !isObject(schema['properties'])) return schema;
  const groups = Object.entries(schema['properties']).map(([group, value]): [string, JsonValue | undefined] => {
    if (!isObject(value) || !isObject(value['properties'])) return [group, value];
    const members = Object.entries(value['properties']).map(([key, member]): [string, JsonValue | undefined] => {
      const param = operation.params.find((candidate) => candidate.in === group && candidate.name === key);
      const found = param && paramDefault(api, param);
      return [key, found === undefined || !isObject(member) ? member : { ...member, default: found }];
    });
    return [group, { ...value, properties: Object.fromEntries(members) }];
  });
  return { ...schema, properties: Object.fromEntries(groups) };
}

/** As an object, because ajv's standalone code declares the validators of boolean schemas twice, which is an error. */
function asSchema(schema: JsonValue): Record<string, unknown> {
  if (isObject(schema)) return { ...schema };
  return schema === true ? {} : { not: {} };
}

/** ajv divides in binary, where 0.07 is not a multiple of 0.01. Throws if a division is left. */
function exactMultiples(text: string): string {
  const exact = text.replaceAll(
    /\(([\w.+-]+) === 0 \|\| \((res\d*) = (data\d*)\/\1, \2 !== parseInt\(\2\)\)\)/g,
    '(!isMultiple($3, $1))',
  );
  if (exact.includes('!== parseInt(')) throw new Error('ajv divides in another form than this version of atlas knows');
  return exact;
}

/** What ajv's standalone output requires, and its name in `@atlas/runtime/validate`. */
const REQUIRES: readonly (readonly [string, string])[] = [
  ['require("ajv/dist/runtime/equal").default', 'equal'],
  ['require("ajv/dist/runtime/ucs2length").default', 'ucs2length'],
  ['require("ajv-formats/dist/formats").fullFormats', 'formats'],
];

/** ESM has no `require`. Throws if the text requires anything unknown, because that would fail at run time. */
function rewriteRequires(text: string): string {
  const rewritten = REQUIRES.reduce((result, [from, to]) => result.replaceAll(from, to), text);
  const left = /\brequire\("[^"]*"\)/.exec(rewritten);
  if (left) throw new Error(`compiled code requires something unknown: ${left[0]}`);
  return rewritten;
}
