import type { Cursor } from '../../../document/cursor.ts';
import type { Rule } from '../../rule.ts';
import { schemaObjects, typesOf } from '../../../read/openapi/schemas.ts';

export const int64Unbounded: Rule = {
  code: 'ATL2023',
  title: 'unbounded int64',
  explain: {
    why: 'JSON numbers are exact up to 2^53 - 1 in most languages, so an int64 needs a maximum within that range. A minimum must be within it too. int64 as a string is not supported yet.',
    bad: 'amount: { type: integer, format: int64 }',
    good: 'amount: { type: integer, format: int64, minimum: 0, maximum: 9007199254740991 }',
  },
  *check({ http }) {
    for (const schema of schemaObjects(http)) {
      const format = schema.get('format');
      if (format?.string() !== 'int64') continue;
      if (typesOf(schema).includes('string'))
        yield {
          message: 'int64 as a string is not supported yet',
          loc: format.valueLoc,
          fix: 'use an integer with a maximum',
        };
      else if (!bounded(schema))
        yield {
          message: 'this int64 has no maximum within 2^53 - 1',
          loc: format.valueLoc,
          fix: 'add maximum: 9007199254740991',
        };
      else if (!boundedBelow(schema))
        yield {
          message: 'this int64 has a minimum below -(2^53 - 1)',
          loc: format.valueLoc,
          fix: 'raise minimum to -9007199254740991 or more',
        };
    }
  },
};

function bounded(schema: Cursor): boolean {
  const maximum = schema.get('maximum')?.number() ?? schema.get('exclusiveMaximum')?.number();
  return maximum !== undefined && maximum <= Number.MAX_SAFE_INTEGER;
}

function boundedBelow(schema: Cursor): boolean {
  const minimum = schema.get('minimum')?.number() ?? schema.get('exclusiveMinimum')?.number();
  return minimum === undefined || minimum >= Number.MIN_SAFE_INTEGER;
}
