import { randomUUID } from 'node:crypto';
import { inventoryClient } from '@atlas/generated-inventory/client';
import { ordersClient } from '@atlas/generated-orders/client';
import { succeeded } from '@atlas/runtime/client';
import {
  cloneDatabase,
  deployContracts,
  dropDatabase,
  migrateService,
  mintToken,
  readStack,
  spawnService,
  untilReady,
} from '@atlas/stack';
import { NotMeasurable } from '../row.ts';

const SERVICES = ['orders', 'inventory'] as const;
/** So many items, because orders of one item wait for each other in its row. */
const ITEMS = 200;
const STOCK = 1_000_000_000;

/** An order that can be placed. */
export interface Draft {
  readonly orderId: string;
  readonly etag: string;
}

/** Both services on the running stack, each in a process of its own, with databases and a namespace of their own. */
export interface Erp {
  draft(): Promise<Draft>;
  place(draft: Draft): Promise<void>;
  /** The log of the service that reserves stock. */
  readonly log: string;
  stop(): Promise<void>;
}

export async function startErp(): Promise<Erp> {
  const info = readStack();
  if (!info) throw new NotMeasurable('no stack is up');
  await using undo = new AsyncDisposableStack();
  const run = `bench_${process.pid}_${Date.now().toString(36)}`;
  const namespace = `${run}.`;
  await deployContracts(info, { namespace });
  const started = [];
  for (const service of SERVICES) {
    const database = `${service}_${run}`;
    const { ownerUrl, appUrl } = await cloneDatabase(info, service, database, { template: 'template1' });
    undo.defer(() => dropDatabase(info, database));
    await migrateService(info, service, { namespace, ownerUrl });
    const process = await spawnService(info, service, {
      namespace,
      name: `${run}.${service}`,
      env: { DATABASE_URL: appUrl },
    });
    undo.defer(() => process.stop());
    await untilReady(process);
    started.push(process);
  }
  const [ordersProcess, inventoryProcess] = started;
  if (!ordersProcess || !inventoryProcess) throw new NotMeasurable('the services do not run');
  const token = await mintToken(info, { sub: 'bench', roles: ['ops', 'admin'] });
  const orders = ordersClient({ baseUrl: ordersProcess.url, token });
  const inventory = inventoryClient({ baseUrl: inventoryProcess.url, token });
  const { body } = succeeded(await inventory.createWarehouse({ body: { code: 'BENCH', name: 'Bench' } }));
  const { warehouseId } = body;
  for (let item = 0; item < ITEMS; item++) {
    const sku = `BENCH-${item}`;
    succeeded(await inventory.createItem({ body: { sku, name: sku, baseUnit: 'C62' } }));
    succeeded(await inventory.recordReceipt({ body: { sku, warehouseId, qty: STOCK } }));
  }
  let drafts = 0;
  const kept = undo.move();
  return {
    draft: async () => {
      const line = {
        sku: `BENCH-${(drafts += 1) % ITEMS}`,
        qty: 1,
        unitPrice: { preciseAmount: 1225, fractionDigits: 2 },
      };
      const created = succeeded(
        await orders.createOrder({
          body: { customerId: randomUUID(), currency: 'EUR', taxRateBasisPoints: 1900, lines: [line] },
        }),
      );
      return { orderId: created.body.orderId, etag: created.etag };
    },
    place: async ({ orderId, etag }) => {
      succeeded(await orders.placeOrder({ params: { orderId }, ifMatch: etag }));
    },
    log: inventoryProcess.log,
    stop: () => kept.disposeAsync(),
  };
}
