import { code, consumersOf, ident, join, lit, type Code, type HttpApi, type Service, pascal } from '@atlas/ir';

/** http/operations.ts: the operations, and the handlers that the service must have. */
export function operationsFile({ operations }: HttpApi): Code {
  const ids = operations.map(({ id }) => id).toSorted();
  return tableFile(ids, {
    each: code`operation`,
    table: code`Handlers`,
    list: code`operations`,
    import: code`OperationContract`,
    contract: code`OperationContract`,
  });
}

/** events/consumers.ts: the messages that the service reads, and the handlers that it must have. */
export function consumersFile(service: Service): Code {
  const consumers = consumersOf(service);
  const inSets = new Set(consumers.filter(({ first }) => first.batch).map(({ handler }) => handler));
  const names = consumers.map(({ handler }) => handler);
  return tableFile(names, {
    // one contract per message
    item: (name) => (inSets.has(name) ? code`...${ident(name)}` : ident(name)),
    each: code`event`,
    table: code`Consumers`,
    list: code`consumers`,
    import: code`ConsumerContract`,
    contract: code`ConsumerContract<unknown>`,
  });
}

/** timers/timers.ts: the timers, and the handlers that the service must have. */
export function timersFile({ timers }: Service): Code {
  const names = timers.map(({ handler }) => handler);
  return tableFile(names, {
    each: code`timer`,
    table: code`Timers`,
    list: code`timers`,
    import: code`TimerContract`,
    contract: code`TimerContract<unknown>`,
  });
}

/** effects/effects.ts: the effects, and the handlers that the service must have. */
export function effectsFile({ effects }: Service): Code {
  const names = effects.map(({ name }) => name);
  return tableFile(names, {
    each: code`effect`,
    table: code`Effects`,
    list: code`effects`,
    import: code`EffectContract`,
    contract: code`EffectContract<unknown, unknown>`,
  });
}

interface TableNames {
  /** The items that a name adds to the list, if it is not one contract. */
  readonly item?: (name: string) => Code;
  readonly each: Code;
  readonly table: Code;
  readonly list: Code;
  readonly import: Code;
  readonly contract: Code;
}

/**
 * A table of handlers, and the list of their contracts. Each name is the name of a file, of its contract and of its
 * handler. The table is a type alias, because an interface is not assignable to the runtime's `Record` of handlers.
 */
function tableFile(names: readonly string[], given: TableNames): Code {
  const handler = (name: string): Code => ident(`${pascal(name)}Handler`);
  return code`
    import type { ${given.import} } from '@atlas/runtime';
    ${names.map((name) => code`import { ${ident(name)}, type Handler as ${handler(name)} } from ${lit(`./${name}.ts`)};`)}

    /** A handler for each ${given.each}. A missing one is a type error in main.ts. */
    export type ${given.table} = {
      ${names.map((name) => code`readonly ${ident(name)}: ${handler(name)};`)}
    };

    export const ${given.list}: readonly ${given.contract}[] = [${join(names.map(given.item ?? ident), ', ')}];
  `;
}
