import type { Code, HttpApi } from '@atlas/ir';
import { handlerTable } from '../handlerTable.ts';

/** http/operations.ts: the operations, and the handlers that the service must have. */
export function operationsFile({ operations }: HttpApi): Code {
  return handlerTable({
    each: 'operation',
    names: operations.map(({ id }) => id).toSorted(),
    type: 'Handlers',
    list: 'operations',
    contract: { type: 'OperationContract' },
  });
}
