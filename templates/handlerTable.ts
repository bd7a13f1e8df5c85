import { code, ident, join, lit, type Code } from '@atlas/ir';
import { pascal } from './names.ts';

export interface HandlerTable {
  /** What there is a handler for: `operation`. */
  readonly each: string;
  /** Names of the handlers: each is also the name of its file and of its contract. */
  readonly names: readonly string[];
  /** The type of the table: `Handlers`. */
  readonly type: string;
  /** The list of the contracts: `operations`. */
  readonly list: string;
  /** The runtime's type of a contract, and what follows its name. */
  readonly contract: { readonly type: string; readonly arguments?: Code };
}

/**
 * The table of the handlers that a service must have, and the list of their contracts. The table is a type alias, because
 * an interface is not assignable to the runtime's `Record` of handlers.
 */
export function handlerTable({ each, names, type, list, contract }: HandlerTable): Code {
  const handler = (name: string): Code => ident(`${pascal(name)}Handler`);
  return code`
    import type { ${ident(contract.type)} } from '@atlas/runtime';
    ${names.map((name) => code`import { ${ident(name)}, type Handler as ${handler(name)} } from ${lit(`./${name}.ts`)};`)}

    /** A handler for each ${ident(each)}. A missing one is a type error in main.ts. */
    export type ${ident(type)} = {
      ${names.map((name) => code`readonly ${ident(name)}: ${handler(name)};`)}
    };

    export const ${ident(list)}: readonly ${ident(contract.type)}${contract.arguments}[] = [${join(names.map(ident), ', ')}];
  `;
}
