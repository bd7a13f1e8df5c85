import type { AnyValidateFunction } from 'ajv/dist/types/index.js';
import type { Ajv2020 } from 'ajv/dist/2020.js';
import { isObject, type HttpApi, type JsonValue, type StatusRange } from '@atlas/ir';
import { code, ident, type Code } from '@atlas/ir';
import { expressionOf } from '../../jsonschema/pattern/expression.ts';
import { replacementOf } from '../../jsonschema/pattern/slow.ts';
import { refsIn } from '../../jsonschema/walk.ts';
import { errorBounds } from './boundedErrors.ts';
import { askingForItems } from './containing.ts';
import { discriminate } from './discriminate.ts';
import { compileOrder } from './compileOrder.ts';
import { configuredAjv } from './configuredAjv.ts';
import { paramDefault, validatedParts, type Part } from './parts.ts';
import { plainMembers } from './plainMembers.ts';
import { SchemaSet } from './schemaSet.ts';
import { withOwnNotes } from './evaluated.ts';
import { withOwnErrors } from './ownErrors.ts';
import { judgedOften } from './judgedOften.ts';
import { ownKeywords } from './ownKeywords.ts';
import { nameOf, validatorCode, type ValidatorCode } from './validatorCode.ts';

/** A schema that a compiler refused. */
interface CompileFailure {
  readonly part: Part;
  readonly message: string;
}

export interface CompiledModule {
  readonly text: string;
  readonly failures: readonly CompileFailure[];
}

/** Makes http/compiled/validators.js. Loads ajv, which nothing else in a run needs. Equal schemas share a validator. */
export async function validatorsModule(api: HttpApi<StatusRange>): Promise<CompiledModule> {
  const [{ Ajv2020 }, { default: codegen }, { default: errors }, { default: util }, dataTypes, formats] =
    await Promise.all([
      import('ajv/dist/2020.js'),
      import('ajv/dist/compile/codegen/code.js'),
      import('ajv/dist/compile/errors.js'),
      import('ajv/dist/compile/util.js'),
      import('ajv/dist/compile/validate/dataType.js'),
      import('ajv-formats'),
    ]);
  const parts = validatedParts(api);
  const set = new SchemaSet(api.wireDocument, (schema) => askingForItems(discriminate(api.wireDocument, schema)));
  const cleaned = parts.map((part) => ({ part, schema: withDefaults(api, part, set.clean(part.schema)) }));
  const given = [...cleaned.map(({ schema }) => schema), ...set.shared.values()].map(asSchema);
  const words = JSON.stringify(given);
  const ajv = configuredAjv({ Ajv2020, addFormats: formats.default.default }, words, { wants: 'code' });
  ownKeywords(ajv, codegen);
  plainMembers(ajv, codegen, dataTypes);
  return withOwnErrors(errors, codegen, () =>
    withOwnNotes(ajv, codegen, util, () => compiledModule(ajv, cleaned, set.shared, words)),
  );
}

function compiledModule(
  ajv: Ajv2020,
  cleaned: readonly { readonly part: Part; readonly schema: JsonValue }[],
  shared: ReadonlyMap<string, JsonValue>,
  words: string,
): CompiledModule {
  const failures: CompileFailure[] = [];
  const finish = finishing(words);
  const often = judgedOften(
    cleaned.map(({ schema }) => schema),
    shared,
  );
  const judgedOnce = compileShared(ajv, shared, often, finish);
  const compiled = new Map<string, AnyValidateFunction>();
  const exports: { readonly name: string; readonly value: string }[] = [];
  for (const { part, schema } of cleaned) {
    const key = sharedName(schema, shared) ?? JSON.stringify(schema);
    let validator = compiled.get(key);
    try {
      validator ??= shared.has(key) ? ajv.getSchema(key) : ajv.compile(asSchema(schema));
      if (validator === undefined) throw new Error('it has no validator');
    } catch (error) {
      failures.push({ part, message: error instanceof Error ? error.message : String(error) });
      continue;
    }
    finish(validator);
    compiled.set(key, validator);
    exports.push({ name: part.name, value: `problems(${nameOf(validator)})` });
  }
  if (failures.length > 0) return { text: '', failures };
  const written = validatorCode([...compiled.values()], judgedOnce);
  return { text: moduleOf(written, exported(written, exports)), failures };
}

type Finish = (validator: AnyValidateFunction) => void;

/**
 * Turns ajv's code of a validator into ours, as soon as the code exists. ajv concatenates it from thousands of small
 * strings, and the engine keeps them all, which takes ten times the memory, until they are made one string here.
 */
function finishing(words: string): Finish {
  const boundErrors = errorBounds(words);
  const finished = new Set<AnyValidateFunction>();
  return (validator) => {
    const { source } = validator;
    if (!source || finished.has(validator)) return;
    finished.add(validator);
    source.validateCode = boundErrors(rewriteRequires(source.validateCode.replace(/\/\*# sourceURL="[^"]*" \*\//, '')));
  };
}

/**
 * Compiles each shared schema before those that refer to it, so that ajv never compiles one within another. Returns the
 * validators of those in `often`.
 */
function compileShared(
  ajv: Ajv2020,
  shared: ReadonlyMap<string, JsonValue>,
  often: ReadonlySet<string>,
  finish: Finish,
): ReadonlySet<AnyValidateFunction> {
  const found = new Set<AnyValidateFunction>();
  for (const [name, schema] of shared) ajv.addSchema(asSchema(schema), name);
  const order = compileOrder(shared.keys(), (name) => refsIn(shared.get(name) ?? true));
  const environments = ajv.schemas;
  // ajv calls a schema that is still being compiled through an object that gets its validator later.
  for (const name of order.circular) {
    const environment = environments[name];
    if (environment) ajv._compilations.add(environment);
  }
  for (const name of order.names) {
    const environment = environments[name];
    if (environment) ajv._compilations.delete(environment);
    let validator: AnyValidateFunction | undefined;
    try {
      validator = ajv.getSchema(name);
    } catch {
      return found; // The parts that refer to the schema fail for the same reason, and have a place.
    }
    if (!validator) continue;
    finish(validator);
    if (often.has(name)) found.add(validator);
  }
  return found;
}

/** The name of the referenced schema, if a schema is nothing but a reference. */
function sharedName(schema: JsonValue, shared: ReadonlyMap<string, JsonValue>): string | undefined {
  const ref = isObject(schema) && Object.keys(schema).length === 1 ? schema['$ref'] : undefined;
  return typeof ref === 'string' && shared.has(ref) ? ref : undefined;
}

/** ajv's own names are words with numbers, so an operation `validate` with a response 200 may have one of them. */
function exported(
  { constants, functions }: ValidatorCode,
  exports: readonly { readonly name: string; readonly value: string }[],
): readonly string[] {
  const declared = [...constants, ...functions].map((text) => /^(?:const|function) (\w+)/.exec(text)?.[1]);
  const taken = new Set(declared);
  return exports.map(({ name, value }) =>
    // No operation has an underscore in its name, so the name is free.
    taken.has(name)
      ? `const export_${name} = ${value};\nexport { export_${name} as ${name} };`
      : `export const ${name} = ${value};`,
  );
}

function moduleOf({ constants, functions }: ValidatorCode, exports: readonly string[]): string {
  const names = [
    'automaton',
    'equal',
    'formats',
    'isMultiple',
    'isUnique',
    'joinErrors',
    'MAX_COLLECTED',
    'memberOf',
    'problems',
    'report',
    'ucs2length',
  ];
  const written = constants.map((text) => linearPattern(rewriteRequires(text)));
  const rare = ['judgeOnce', 'matcher'].filter((name) => written.some((text) => text.includes(`= ${name}(`)));
  return [
    `import { ${[...names, ...rare].join(', ')} } from '@atlas/runtime/validate';`,
    ...written,
    ...functions,
    ...exports,
    '',
  ].join('\n');
}

/** Makes compiled/validators.d.ts. */
export function validatorsDeclaration(api: HttpApi<StatusRange>): Code {
  return code`
    import type { Validate } from '@atlas/runtime';

    ${validatedParts(api).map(({ name }) => code`export declare const ${ident(name)}: Validate;`)}
  `;
}

/** Puts back the defaults of parameters, which `clean` removed. Those of bodies stay out: bodies are not filled in. */
function withDefaults(api: Pick<HttpApi, 'wireDocument'>, { params }: Part, schema: JsonValue): JsonValue {
  if (params === undefined || !isObject(schema) || !isObject(schema['properties'])) return schema;
  const groups = Object.entries(schema['properties']).map(([group, value]): [string, JsonValue | undefined] => {
    if (!isObject(value) || !isObject(value['properties'])) return [group, value];
    const members = Object.entries(value['properties']).map(([key, member]): [string, JsonValue | undefined] => {
      const param = params.find((candidate) => candidate.in === group && candidate.name === key);
      const found = param && paramDefault(api, param);
      return [key, found === undefined || !isObject(member) ? member : { ...member, default: found }];
    });
    return [group, { ...value, properties: Object.fromEntries(members) }];
  });
  return { ...schema, properties: Object.fromEntries(groups) };
}

/**
 * Wraps a boolean schema in an object, because ajv's standalone code declares validators of boolean schemas twice,
 * which is an error.
 */
function asSchema(schema: JsonValue): Record<string, unknown> {
  if (isObject(schema)) return { ...schema };
  return schema === true ? {} : { not: {} };
}

/** The constant of a pattern as ajv writes it. */
const PATTERN = /^(const pattern\d+ = )new RegExp\(("(?:[^"\\]|\\.)*"), "u"\);$/;

/** A pattern with the flags that it works with, or its replacement if it is slow. */
function linearPattern(constant: string): string {
  const [, start, literal] = PATTERN.exec(constant) ?? [];
  if (start === undefined || literal === undefined) return constant;
  const pattern = String(JSON.parse(literal));
  const replacement = replacementOf(pattern);
  if (replacement.kind === 'automaton') return `${start}automaton(${JSON.stringify(replacement.table)}); // ${literal}`;
  if (replacement.kind === 'matcher') return `${start}matcher(${JSON.stringify(replacement.program)}); // ${literal}`;
  return `${start}new RegExp(${literal}, "${expressionOf(pattern)?.flags ?? 'u'}");`;
}

/** What ajv's standalone code requires, and its name in `@atlas/runtime/validate`. */
const REQUIRES: readonly (readonly [string, string])[] = [
  ['require("ajv/dist/runtime/equal").default', 'equal'],
  ['require("ajv/dist/runtime/ucs2length").default', 'ucs2length'],
  ['require("ajv-formats/dist/formats").fullFormats', 'formats'],
];

/** Replaces `require`, which ESM does not have. Throws if a module is unknown, because it would fail at run time. */
function rewriteRequires(text: string): string {
  if (!text.includes('require(')) return text;
  const rewritten = REQUIRES.reduce((result, [from, to]) => result.replaceAll(from, to), text);
  const left = /\brequire\("[^"]*"\)/.exec(rewritten);
  if (left) throw new Error(`compiled code requires something unknown: ${left[0]}`);
  return rewritten;
}
