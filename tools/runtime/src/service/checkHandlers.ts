import type { ServiceContract } from '../contract/service.ts';
import { AtlasError } from '../contract/atlasError.ts';

type Given = Readonly<Record<string, unknown>> | undefined;

/**
 * Throws ATLAS_HANDLER, naming all that is missing, unless each operation and each consumer of a contract has its
 * handler. TypeScript refuses such a table as well; this is for callers without types.
 */
export function checkHandlers(
  { operations, consumers }: Pick<ServiceContract, 'operations' | 'consumers'>,
  handlers: Given,
  eventHandlers: Given,
): void {
  const missing = [
    ...operations.filter(({ id }) => !has(handlers, id)).map(({ id }) => `operation ${id}`),
    ...consumers.filter(({ name }) => !has(eventHandlers, name)).map(({ name }) => `consumer ${name}`),
  ];
  if (missing.length > 0) throw new AtlasError('ATLAS_HANDLER', `there is no handler for ${missing.join(', ')}`);
}

/** Own members only, because every object inherits a function named `toString`. */
function has(table: Given, name: string): boolean {
  return table !== undefined && Object.hasOwn(table, name) && typeof table[name] === 'function';
}
