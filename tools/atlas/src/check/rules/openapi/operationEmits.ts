import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import { emitsOf, operationEmits as emitsByStatus } from '../../../read/extensions/emits.ts';
import type { OperationView } from '../../../read/openapi/http.ts';

export const operationEmits: Rule = {
  code: 'ATL2027',
  title: 'x-atlas-emits where no event can be sent',
  explain: {
    why: 'Events go out with the transaction of an outcome that succeeded. x-atlas-emits stands on a 2xx response of an operation that changes something: one list, or a list of lists.',
    bad: "'409': { description: Sold out., x-atlas-emits: [BookingMade] }",
    good: "'201': { description: Booked., x-atlas-emits: [BookingMade] }",
  },
  *check({ http }) {
    for (const { operations } of http) for (const operation of operations) yield* problems(operation);
  },
};

function* problems(operation: OperationView): Generator<Finding> {
  const { label, method, cursor, responses } = operation;
  const own = cursor.get('x-atlas-emits');
  if (own && (Array.isArray(own.value) || typeof own.value !== 'object'))
    yield { message: `x-atlas-emits of ${label} names no status`, loc: own.loc, fix: 'move it to the 2xx response' };
  const seen = new Set<string>();
  for (const { status, cursor: emits } of emitsByStatus(operation)) {
    if (seen.has(status))
      yield { message: `x-atlas-emits of ${status} stands twice`, loc: emits.loc, fix: 'keep the one on the response' };
    seen.add(status);
    if (!responses.some((response) => response.status === status))
      yield {
        message: `${label} declares no response ${JSON.stringify(status)}`,
        loc: emits.loc,
        fix: 'name a declared 2xx status',
      };
    // 2XX and the like are refused as such
    else if (/^[1345]\d\d$/.test(status))
      yield {
        message: `x-atlas-emits on ${status}: only a success sends events`,
        loc: emits.loc,
        fix: 'move it to a 2xx response',
      };
    else if (['get', 'head', 'options'].includes(method))
      yield {
        message: `${label} reads only and can send no events`,
        loc: emits.loc,
        fix: 'remove x-atlas-emits, or use POST',
      };
    for (const place of emitsOf(emits).malformed)
      yield {
        message: 'x-atlas-emits is a list of message names, or a list of such lists',
        loc: place.valueLoc,
        fix: 'write [Name] or [[Name], []]',
      };
  }
}
