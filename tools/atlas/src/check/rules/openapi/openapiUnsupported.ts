import { isSafe } from '@atlas/ir';
import type { Rule } from '../../rule.ts';
import { schemaObjects } from '../../../read/openapi/schemas.ts';

export const UNSUPPORTED_KEYWORDS: readonly string[] = [
  '$id',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  '$schema',
  '$vocabulary',
];

export const openapiUnsupported: Rule = {
  code: 'ATL2026',
  title: 'unsupported part of OpenAPI',
  explain: {
    why: 'Atlas refuses what it does not support instead of skipping it: TRACE, bodies of GET, HEAD and OPTIONS, callbacks, other JSON Schema dialects, and references by $id or $anchor.',
    bad: 'trace: { operationId: traceBooking }',
    good: 'get: { operationId: getBooking }',
  },
  *check({ http }) {
    for (const { root, operations } of http) {
      const dialect = root.get('jsonSchemaDialect');
      if (dialect) yield { message: 'jsonSchemaDialect is not supported yet', loc: dialect.loc, fix: 'remove it' };
      for (const [, item] of root.get('paths')?.entries() ?? []) {
        const trace = item.get('trace');
        if (trace) yield { message: 'TRACE is not supported', loc: trace.loc, fix: 'remove it' };
      }
      for (const { cursor, method, label } of operations) {
        const callbacks = cursor.get('callbacks');
        const body = cursor.get('requestBody');
        if (callbacks) yield { message: 'callbacks are not supported yet', loc: callbacks.loc, fix: 'remove them' };
        if (body && isSafe(method))
          yield { message: `${label} has a request body`, loc: body.loc, fix: 'use query parameters or POST' };
      }
    }
    for (const schema of schemaObjects(http))
      for (const key of UNSUPPORTED_KEYWORDS) {
        const cursor = schema.get(key);
        if (cursor)
          yield {
            message: `${key} in a schema is not supported yet`,
            loc: cursor.loc,
            fix: 'refer to schemas by JSON Pointer',
          };
      }
  },
};
