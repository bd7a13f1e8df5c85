import type { ServiceContract } from '../contract/service.ts';
import { isObject } from '../typeGuards.ts';
import { AtlasError } from '../contract/atlasError.ts';

type Given = Readonly<Record<string, unknown>> | undefined;

/**
 * Throws ATLAS_HANDLER, which names all missing handlers, unless each operation, consumer, timer and effect of a
 * contract has its handler. TypeScript refuses such a table as well, so this is for callers without types.
 */
export function checkHandlers(
  contract: Pick<ServiceContract, 'operations' | 'consumers' | 'timers' | 'effects'>,
  given: {
    readonly handlers: Given;
    readonly consumers: Given;
    readonly timers?: Given;
    readonly effects?: Given;
  },
): void {
  const { operations, consumers, timers = [], effects = [] } = contract;
  const missing = [
    ...operations.filter(({ id }) => !has(given.handlers, id)).map(({ id }) => `operation ${id}`),
    // consumers of several messages have the same name
    ...[...new Set(consumers.map(({ name }) => name))]
      .filter((name) => !has(given.consumers, name))
      .map((name) => `consumer ${name}`),
    ...timers.filter(({ handler }) => !has(given.timers, handler)).map(({ name }) => `timer ${name}`),
    ...effects.flatMap(({ name }) => {
      const parts = own(given.effects, name);
      return ['perform', 'settle'].filter((part) => !has(parts, part)).map((part) => `${part} of effect ${name}`);
    }),
  ];
  if (missing.length > 0) throw new AtlasError('ATLAS_HANDLER', `there is no handler for ${missing.join(', ')}`);
}

/** Looks only at own members, because every object inherits a function named `toString`. */
function has(table: Given, name: string): boolean {
  return table !== undefined && Object.hasOwn(table, name) && typeof table[name] === 'function';
}

function own(table: Given, name: string): Given {
  const member = table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
  return isObject(member) ? member : undefined;
}
