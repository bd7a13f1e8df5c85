import type { Rule } from '../rule.ts';
import type { ParamView } from '../views/http.ts';
import { shapeOf } from '../views/shape.ts';

export const parameterUnsupported: Rule = {
  code: 'ATL2019',
  title: 'a parameter that Atlas can not read',
  explain: {
    why: 'A parameter is text; its schema must tell one type to parse it into: a primitive, a list of one primitive, or an object of primitives. Cookies and content are not supported yet.',
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
              loc: (param.cursor.get('name') ?? param.cursor).valueLoc,
              fix: problem[1],
            };
        }
  },
};

function problemOf({ cursor, in: where }: ParamView): readonly [message: string, fix: string] | undefined {
  if (where === 'cookie') return ['is a cookie, which is not supported yet', 'use a header'];
  const schema = cursor.get('schema');
  if (cursor.get('content')) return ['uses content, which is not supported yet', 'use schema'];
  if (!schema) return ['has no schema', 'add schema: { type: string }'];
  const shape = shapeOf(schema);
  if (!shape)
    return ['has a schema that tells no single type', 'add type: a primitive, a list or an object of primitives'];
  if (where === 'query' && cursor.get('style')?.string() === 'deepObject' && shape.kind !== 'object')
    return ['has style deepObject, which only objects have', 'remove style, or make it an object'];
  return undefined;
}
