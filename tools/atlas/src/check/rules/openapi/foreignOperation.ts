import { clientFunctions } from '../../../read/openapi/foreign.ts';
import type { Rule } from '../../rule.ts';

export const foreignOperation: Rule = {
  code: 'ATL2042',
  title: 'operation without a client function',
  explain: {
    why: 'A document of an outside system need not follow the rules of Atlas, so only the operations that a client can call get a function: those with an operationId, with parameters that can be written as text, and with JSON bodies. The others are left out.',
    bad: "get: { responses: { '200': { description: A file., content: { text/csv: {} } } } }",
    good: "get: { operationId: listRows, responses: { '200': { description: Rows., content: { application/json: { schema: { type: array } } } } } }",
  },
  *check({ workspace, foreign }) {
    const called = new Set(workspace.config.services.flatMap(({ clients }) => clients.map((one) => one.document)));
    for (const view of foreign.filter(({ root }) => called.has(root.file)))
      for (const found of clientFunctions(view))
        if ('unusable' in found)
          yield {
            severity: 'warning',
            message: `${found.operation.label} gets no client function: it ${found.unusable.why}`,
            loc: found.unusable.at.via?.loc ?? found.unusable.at.loc,
            fix: found.unusable.fix,
          };
  },
};
