import { contract } from '@atlas/generated-orders';
import { deployContracts, mintToken, readStack, type ServiceProcess, spawnService } from '@atlas/stack';

export interface OrdersStack {
  /** The service as a process, on a database of its own. */
  start(databaseUrl: string): Promise<ServiceProcess>;
  token(roles: readonly string[]): Promise<string>;
}

/** The stack as a deploy leaves it for the service: topics, schemas and rights are there, all under `namespace`. */
export async function ordersStack(namespace: string): Promise<OrdersStack> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  await deployContracts(stack, { namespace });
  return {
    start: (databaseUrl) =>
      spawnService(stack, contract.service, { namespace, name: 'orders.test', env: { DATABASE_URL: databaseUrl } }),
    token: (roles) => mintToken(stack, { sub: 'ops-1', roles }),
  };
}
