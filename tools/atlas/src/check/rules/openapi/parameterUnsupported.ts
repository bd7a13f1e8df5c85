import type { Rule } from '../../rule.ts';
import type { Cursor } from '../../../document/cursor.ts';
import type { ParamView } from '../../../read/openapi/http.ts';
import { shapeOf } from '../../../read/openapi/shape.ts';

export const parameterUnsupported: Rule = {
  code: 'ATL2019',
  title: 'unsupported parameter',
  explain: {
    why: 'A parameter arrives as text, so its schema must give one type to parse it into: a primitive, an array of one primitive type, or an object of primitives. A default must have that type, or every request without the parameter would be refused. Cookies and content are not supported yet.',
    bad: '{ name: filter, in: query, schema: {} }',
    good: '{ name: filter, in: query, schema: { type: string } }',
  },
  *check({ http }) {
    for (const { operations } of http)
      for (const { params } of operations)
        for (const param of params) {
          const problem = problemOf(param);
          if (problem)
            yield {
              message: `parameter ${JSON.stringify(param.name)} ${problem[0]}`,
              loc: placeOf(problem[2] ?? param.cursor.get('name') ?? param.cursor),
              fix: problem[1],
            };
        }
  },
};

/** `at` is the place of the finding, if that is not the name of the parameter. */
type Problem = readonly [message: string, fix: string, at?: Cursor];

/** The place of the reference that leads to an unsuitable value, because the value may be right elsewhere. */
function placeOf(cursor: Cursor): Cursor['loc'] {
  return cursor.via?.loc ?? cursor.valueLoc;
}

function problemOf({ cursor, name, in: where }: ParamView): Problem | undefined {
  if (where === 'cookie') return ['is a cookie, which is not supported yet', 'use a header'];
  if (name === '' || name === '__proto__') return ['has a name that is not allowed', 'choose another name'];
  const schema = cursor.get('schema');
  if (cursor.get('content')) return ['uses content, which is not supported yet', 'use schema'];
  if (!schema) return ['has no schema', 'add schema: { type: string }'];
  const shape = shapeOf(schema);
  if (!shape)
    return [
      'is neither a primitive, nor an array or object of primitives',
      'give its schema one type: a primitive, or an array or object of primitives',
      schema,
    ];
  if (where === 'query' && cursor.get('style')?.string() === 'deepObject' && shape.kind !== 'object')
    return ['has style deepObject, which is only for objects', 'remove style, or make the parameter an object'];
  return defaultProblem(schema, shape.kind);
}

function defaultProblem(schema: Cursor, kind: string): Problem | undefined {
  const standard = schema.get('default');
  if (!standard) return undefined;
  const { value } = standard;
  const allowed = schema.get('enum')?.items() ?? [];
  const right = kind === 'integer' ? Number.isInteger(value) : kind === (Array.isArray(value) ? 'array' : typeof value);
  const has = `has the default ${JSON.stringify(value)}`;
  if (!right) return [`${has}, which is not of type ${kind}`, `write a default of type ${kind}`, standard];
  if (allowed.length > 0 && !allowed.some((one) => one.value === value))
    return [`${has}, which is not in its enum`, 'write a value from the enum', standard];
  return undefined;
}
