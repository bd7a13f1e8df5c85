import { contract } from '@atlas/generated-orders';
import { deployContracts, mintToken, readStack, type ServiceProcess, spawnService } from '@atlas/stack';

export interface OrdersStack {
  /** Starts the service as a process. */
  start(databaseUrl: string): Promise<ServiceProcess>;
  token(roles: readonly string[], sub?: string): Promise<string>;
}

/** Deploys topics, schemas and rights to the stack, all under `namespace`. */
export async function ordersStack(namespace: string): Promise<OrdersStack> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  await deployContracts(stack, { namespace });
  return {
    start: (databaseUrl) =>
      spawnService(stack, contract.service, { namespace, name: 'orders.test', env: { DATABASE_URL: databaseUrl } }),
    token: (roles, sub = 'ops-1') => mintToken(stack, { sub, roles }),
  };
}
