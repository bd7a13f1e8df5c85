import { code, ident, join, lit, type Code, type HttpApi } from '@atlas/ir';
import { pascal } from './names.ts';

/** http/operations.ts: the table of operations and the handlers that a service owes. */
export function operationsFile({ operations }: HttpApi): Code {
  const ids = operations.map(({ id }) => id).toSorted();
  const handler = (id: string): Code => ident(`${pascal(id)}Handler`);
  return code`
    import type { OperationContract } from '@atlas/runtime';
    ${ids.map((id) => code`import { ${ident(id)}, type Handler as ${handler(id)} } from ${lit(`./${id}.ts`)};`)}

    /** A handler for each operation; a missing one is a type error in main.ts. */
    export interface Handlers {
      ${ids.map((id) => code`readonly ${ident(id)}: ${handler(id)};`)}
    }

    export const operations: readonly OperationContract[] = [${join(ids.map(ident), ', ')}];

    /** By operation id. Written out, so that each handler is checked against its own type. */
    export const bindHandlers = (handlers: Handlers) => ({
      ${ids.map((id) => code`${ident(id)}: handlers.${ident(id)},`)}
    });
  `;
}
