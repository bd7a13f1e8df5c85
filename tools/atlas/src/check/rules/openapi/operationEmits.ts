import { isSafe } from '@atlas/ir';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import { emitsOf, operationEmits as emitsByStatus, ownEmits } from '../../../read/extensions/emits.ts';
import type { OperationView } from '../../../read/openapi/http.ts';

export const operationEmits: Rule = {
  code: 'ATL2027',
  title: 'invalid x-atlas-emits of an HTTP operation',
  explain: {
    why: 'Events are sent in the transaction of a successful operation. x-atlas-emits belongs on a 2xx response of an operation that changes something. It is a list of message names, or a list of such lists, one per outcome.',
    bad: "'409': { description: Sold out., x-atlas-emits: [BookingMade] }",
    good: "'201': { description: Booked., x-atlas-emits: [BookingMade] }",
  },
  *check({ http }) {
    for (const { operations } of http) for (const operation of operations) yield* problems(operation);
  },
};

function* problems(operation: OperationView): Generator<Finding> {
  const { label, method, responses } = operation;
  const own = ownEmits(operation);
  if (own && (Array.isArray(own.value) || typeof own.value !== 'object'))
    yield {
      message: `x-atlas-emits of ${label} does not say for which status`,
      loc: own.loc,
      fix: 'move it to the 2xx response',
    };
  const seen = new Set<string>();
  for (const { status, cursor: emits } of emitsByStatus(operation)) {
    if (seen.has(status))
      yield {
        message: `response ${status} has x-atlas-emits twice`,
        loc: emits.loc,
        fix: 'keep the one on the response',
      };
    seen.add(status);
    if (!responses.some((response) => response.status === status))
      yield {
        message: `${label} does not declare response ${JSON.stringify(status)}`,
        loc: emits.loc,
        fix: 'use a 2xx status that the operation declares',
      };
    // Another rule refuses 2XX and the like.
    else if (/^[1345]\d\d$/.test(status))
      yield {
        message: `response ${status} has x-atlas-emits, but only a success sends events`,
        loc: emits.loc,
        fix: 'move it to a 2xx response',
      };
    else if (isSafe(method))
      yield {
        message: `${label} only reads, so it cannot send events`,
        loc: emits.loc,
        fix: 'remove x-atlas-emits, or use POST',
      };
    for (const place of emitsOf(emits).malformed)
      yield {
        message: 'x-atlas-emits must be a list of message names, or a list of such lists',
        loc: place.valueLoc,
        fix: 'write [Name] or [[Name], []]',
      };
  }
}
