import { isList, isObject, type JsonValue } from '@atlas/ir';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import { shown } from '../../../diagnostics/shown.ts';
import type { Cursor } from '../../../document/cursor.ts';
import { didYouMean } from '../../../document/suggest.ts';
import type { Rule } from '../../rule.ts';
import { schemaObjects, typesOf } from '../../../read/openapi/schemas.ts';

export const schemaImpossible: Rule = {
  code: 'ATL2031',
  title: 'contradictory schema',
  explain: {
    why: 'A minimum above the maximum refuses every value. A value in enum or const must have the type of the schema. A required key must be an allowed property.',
    bad: 'seats: { type: integer, minimum: 10, maximum: 1 }',
    good: 'seats: { type: integer, minimum: 1, maximum: 10 }',
  },
  *check({ http }) {
    for (const schema of schemaObjects(http)) {
      for (const [lower, upper] of BOUNDS) yield* crossed(schema, lower, upper);
      yield* wrongTypes(schema);
      yield* unlisted(schema);
    }
  },
};

const BOUNDS: readonly (readonly [lower: string, upper: string])[] = [
  ['minimum', 'maximum'],
  ['minimum', 'exclusiveMaximum'],
  ['exclusiveMinimum', 'maximum'],
  ['exclusiveMinimum', 'exclusiveMaximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minContains', 'maxContains'],
  ['minProperties', 'maxProperties'],
];

function* crossed(schema: Cursor, lower: string, upper: string): Generator<Finding> {
  const [low, high] = [schema.get(lower), schema.get(upper)];
  const [from, to] = [low?.number(), high?.number()];
  if (!low || !high || from === undefined || to === undefined) return;
  const open = lower.startsWith('exclusive') || upper.startsWith('exclusive');
  if (from < to || (from === to && !open)) return;
  yield {
    message: `no value fits both ${lower} ${from} and ${upper} ${to}`,
    loc: high.valueLoc,
    fix: `raise ${upper} ${open ? 'above' : 'to at least'} ${from}, or lower ${lower}`,
    related: [{ loc: low.valueLoc, message: lower }],
  };
}

/** Values in `enum` and `const` that `type` refuses, and an empty `enum`. */
function* wrongTypes(schema: Cursor): Generator<Finding> {
  const listed = schema.get('enum');
  if (Array.isArray(listed?.value) && listed.value.length === 0)
    yield { message: 'no value fits an empty enum', loc: listed.valueLoc, fix: 'list the allowed values' };
  const types = typesOf(schema);
  if (types.length === 0) return;
  const constant = schema.get('const');
  for (const member of [...(listed?.items() ?? []), ...(constant ? [constant] : [])])
    if (!types.some((type) => isOf(type, member.value)))
      yield {
        message: `${member === constant ? 'const is' : 'enum contains'} ${shown(member.value)}, which is not of type ${types.join(' or ')}`,
        loc: member.valueLoc,
        fix: fixOf(member.value, types),
      };
}

/** Required keys that are not in `properties` although `additionalProperties` is false. */
function* unlisted(schema: Cursor): Generator<Finding> {
  if (schema.get('additionalProperties')?.boolean() !== false || schema.get('patternProperties')) return;
  const known = (schema.get('properties')?.entries() ?? []).map(([name]) => name);
  for (const item of schema.get('required')?.items() ?? []) {
    const name = item.string();
    if (name === undefined || known.includes(name)) continue;
    yield {
      message: `${JSON.stringify(name)} is required, but it is not in properties and additionalProperties is false`,
      loc: item.valueLoc,
      fix: didYouMean(name, known) ?? 'add it to properties',
    };
  }
}

/** Whether a value has a type. A number without a fraction is an integer (JSON Schema 2020-12 validation, 6.1.1). */
function isOf(type: string, value: JsonValue): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'array':
      return isList(value);
    case 'object':
      return isObject(value);
    default:
      return typeof value === type;
  }
}

function fixOf(value: JsonValue, types: readonly string[]): string {
  if (value === null) return "add 'null' to the types, or remove it";
  if (types.includes('string') && typeof value !== 'object') return 'put it in quotes';
  return 'write a value of that type, or change the type';
}
