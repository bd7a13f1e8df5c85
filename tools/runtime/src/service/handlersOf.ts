import type { ServiceContract } from '../contract/service.ts';
import { AtlasError } from '../contract/atlasError.ts';

/** Throws ATLAS_HANDLER where a contract's operation or consumer has nobody to do it; TypeScript has said so before. */
export function checkBound(names: readonly string[], bound: Readonly<Record<string, unknown>>, what: string): void {
  const missing = names.filter((name) => typeof bound[name] !== 'function');
  if (missing.length > 0) throw new AtlasError('ATLAS_HANDLER', `no ${what} for ${missing.join(', ')}`);
}

/** Handlers and consumers by name, all of them there. */
export function bind<Handlers, Consumers>(
  contract: ServiceContract<Handlers, Consumers>,
  handlers: Handlers,
  consumers: Consumers,
): Pick<BoundService, 'handlers' | 'consumers'> {
  const bound = { handlers: contract.bindHandlers(handlers), consumers: contract.bindConsumers(consumers) };
  checkBound(
    contract.operations.map(({ id }) => id),
    bound.handlers,
    'handler',
  );
  checkBound(
    contract.consumers.map(({ name }) => name),
    bound.consumers,
    'consumer',
  );
  return bound;
}

export interface BoundService {
  readonly handlers: ReturnType<ServiceContract['bindHandlers']>;
  readonly consumers: ReturnType<ServiceContract['bindConsumers']>;
}
