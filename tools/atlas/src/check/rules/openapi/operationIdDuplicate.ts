import type { Rule } from '../../rule.ts';
import type { OperationView } from '../../../read/openapi/http.ts';

export const operationIdDuplicate: Rule = {
  code: 'ATL2011',
  title: 'duplicate operationId',
  explain: {
    why: 'Each operation has its own handler and its own file. On some disks, names that differ only in case are the same file.',
    bad: 'get: { operationId: booking }\npost: { operationId: booking }',
    good: 'get: { operationId: getBooking }\npost: { operationId: createBooking }',
  },
  *check({ http }) {
    for (const { operations } of http) {
      const first = new Map<string, OperationView>();
      for (const operation of operations) {
        if (operation.id === undefined) continue;
        const key = operation.id.toLowerCase();
        const other = first.get(key);
        if (!other) {
          first.set(key, operation);
          continue;
        }
        const place = other.cursor.get('operationId') ?? other.cursor;
        yield {
          message: `operationId ${JSON.stringify(operation.id)} of ${operation.label} is already used by ${other.label}`,
          loc: (operation.cursor.get('operationId') ?? operation.cursor).valueLoc,
          fix: 'rename one of the two',
          related: [{ loc: place.valueLoc, message: 'the first one' }],
        };
      }
    }
  },
};
