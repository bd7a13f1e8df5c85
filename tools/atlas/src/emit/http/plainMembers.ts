import { childPointer, isObject, type JsonValue } from '@atlas/ir';
import type { Ajv2020, JSONType, KeywordCxt } from 'ajv/dist/2020.js';
import type { Code } from 'ajv/dist/compile/codegen/code.js';
import { enumDetail } from './ownErrors.ts';
import { enumTest, type Codegen } from './ownKeywords.ts';

type DataTypes = typeof import('ajv/dist/compile/validate/dataType.js');

/**
 * Writes the code of members that have a type or an enum and say nothing else, which are most members of a large API.
 * The code does what ajv's would do, without the variables that it has for every schema. Other members stay with ajv.
 */
export function plainMembers(ajv: Ajv2020, codegen: Codegen, dataTypes: DataTypes): void {
  const properties = ajv.getKeyword('properties');
  if (typeof properties !== 'object' || !('code' in properties)) return;
  const { code } = properties;
  const known = new Map<string, readonly Failing[] | undefined>();
  const failingOf = (schema: JsonValue | undefined): readonly Failing[] | undefined => {
    if (!isObject(schema) || !Object.keys(schema).every((key) => key === 'type' || key === 'enum')) return undefined;
    const key = JSON.stringify(schema);
    if (!known.has(key)) known.set(key, failings(schema, ajv.opts.strictNumbers, codegen, dataTypes));
    return known.get(key);
  };
  properties.code = (context) => {
    const { allErrors, createErrors, opts } = context.it;
    // In `not` and `if`, and for `unevaluatedProperties`, ajv notes more about a member than whether it is wrong.
    const isNoted = allErrors !== true || createErrors === false || opts.unevaluated === true;
    if (isNoted || opts.ownProperties === true) return code(context);
    const members: JsonValue | undefined = context.schema;
    for (const [name, schema] of Object.entries(isObject(members) ? members : {})) {
      const failing = failingOf(schema);
      if (failing) context.gen.code(memberCode(context, name, failing, codegen));
      else {
        context.schema = { [name]: schema };
        code(context);
      }
    }
    context.schema = members;
  };
}

/** What makes a value wrong: a test in code of the variable `value`, and the text of a string that says so. */
interface Failing {
  readonly test: string;
  readonly detail: string;
}

/** What a schema of a type or an enum refuses. Undefined if ajv has to write the code. */
function failings(
  { type, enum: values }: Readonly<Record<string, JsonValue | undefined>>,
  strictNumbers: Ajv2020['opts']['strictNumbers'],
  codegen: Codegen,
  { checkDataTypes, getJSONTypes, DataType }: DataTypes,
): readonly Failing[] | undefined {
  const value = new codegen.Name('value');
  const types: readonly JSONType[] = type === undefined ? [] : getJSONTypes(type);
  const isOther = enumTest(value, values, codegen);
  if (types.length === 0 || (values !== undefined && !isOther)) return undefined;
  const failing = (test: Code, detail: string): Failing => ({
    test: String(test),
    detail: codegen.safeStringify(detail),
  });
  return [
    failing(checkDataTypes([...types], value, strictNumbers, DataType.Wrong), `must be ${types.join(',')}`),
    ...(isOther ? [failing(isOther, enumDetail(values))] : []),
  ];
}

/** ajv sees the names of its own variables in the code, so that it does not take them for unused. */
function memberCode({ data, it }: KeywordCxt, name: string, failing: readonly Failing[], codegen: Codegen): Code {
  const { _Code, IDENTIFIER, Name, safeStringify, str, strConcat } = codegen;
  const access = IDENTIFIER.test(name) ? `.${name}` : `[${safeStringify(name)}]`;
  const pointer = strConcat(new Name('instancePath'), str`${it.errorPath}${childPointer('', name)}`);
  const checks = failing.flatMap(({ test, detail }) => [
    `if(${test}){if(errors < room)vErrors = report(vErrors, `,
    ...(pointer instanceof _Code ? pointer._items : [pointer]),
    `, ${detail});errors += 1;}`,
  ]);
  return new _Code(['if(', data, `${access} !== undefined){const value = `, data, `${access};`, ...checks, '}']);
}
