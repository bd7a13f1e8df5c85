import { randomUUID } from 'node:crypto';
import { inventoryClient } from '@atlas/generated-inventory/client';
import { ordersClient } from '@atlas/generated-orders/client';
import { startSandbox } from '@atlas/payment-sandbox';
import { succeeded } from '@atlas/runtime/client';
import {
  cloneDatabase,
  dropDatabase,
  mintToken,
  programsOf,
  readStack,
  startSystem,
  webhookSecret,
} from '@atlas/stack';
import { NotMeasurable } from '../row.ts';
import { seenEvents } from './seenEvents.ts';

/** So many items, because orders of one item wait for each other in its row. */
const ITEMS = 50;
const STOCK = 1_000_000;
const API_KEY = 'sk_test_bench';
const TOPIC = 'atlas.orders.order.v1';

export interface PlacedOrder {
  readonly orderId: string;
  readonly lineIds: readonly string[];
}

/** All services on the running stack, with databases and a namespace of their own, and a provider that pays at once. */
export interface SagaSystem {
  place(): Promise<PlacedOrder>;
  /** Resolves once Orders has sent an event about the order. */
  sees(orderId: string, name: string): Promise<void>;
  ship(order: PlacedOrder): Promise<void>;
  stop(): Promise<void>;
}

export async function startSaga(): Promise<SagaSystem> {
  const info = readStack();
  if (!info) throw new NotMeasurable('no stack is up');
  await using undo = new AsyncDisposableStack();
  const run = `saga_${process.pid}_${Date.now().toString(36)}`;
  const databases = Object.fromEntries(
    await Promise.all(
      programsOf().map(async ({ name }) => {
        const database = `${name.replaceAll('-', '_')}_${run}`;
        const urls = await cloneDatabase(info, name, database, { template: 'template1' });
        undo.defer(() => dropDatabase(info, database));
        return [name, urls] as const;
      }),
    ),
  );
  let webhookUrl = '';
  const sandbox = await startSandbox({
    webhookUrl: () => webhookUrl,
    secrets: [webhookSecret(info, 'paymentProvider')],
    apiKey: API_KEY,
    delays: { payMs: 0 },
  });
  undo.defer(() => sandbox.stop());
  const system = await startSystem(info, {
    namespace: `${run}.`,
    databases,
    env: (program, urlOf) => {
      if (program !== 'billing') return {};
      webhookUrl = `${urlOf(program)}/v1/webhooks/payments/psp`;
      return { PAYMENT_PROVIDER_URL: sandbox.url, PAYMENT_PROVIDER_KEY: API_KEY };
    },
  });
  undo.defer(() => system.stop());
  const events = await seenEvents(info, `${run}.${TOPIC}`);
  undo.defer(() => events.close());

  const token = await mintToken(info, { sub: 'bench', roles: ['ops', 'admin'] });
  const orders = ordersClient({ baseUrl: system.process('orders').url, token });
  const inventory = inventoryClient({ baseUrl: system.process('inventory').url, token });
  const made = succeeded(await inventory.createWarehouse({ body: { code: 'BENCH', name: 'Bench' } }));
  const { warehouseId } = made.body;
  for (let item = 0; item < ITEMS; item++) {
    const sku = `BENCH-${item}`;
    succeeded(await inventory.createItem({ body: { sku, name: sku, baseUnit: 'C62' } }));
    succeeded(await inventory.recordReceipt({ body: { sku, warehouseId, qty: STOCK } }));
  }
  let count = 0;
  const kept = undo.move();
  return {
    place: async () => {
      const sku = `BENCH-${(count += 1) % ITEMS}`;
      const line = { sku, qty: 1, unitPrice: { preciseAmount: 1225, fractionDigits: 2 } };
      const body = { customerId: randomUUID(), currency: 'EUR', taxRateBasisPoints: 1900, lines: [line] };
      const draft = succeeded(await orders.createOrder({ body }));
      const { orderId, lines } = draft.body;
      succeeded(await orders.placeOrder({ params: { orderId }, ifMatch: draft.etag }));
      return { orderId, lineIds: lines.map(({ lineId }) => lineId) };
    },
    sees: (orderId, name) => events.saw(orderId, `atlas.orders.${name}`),
    ship: async ({ orderId, lineIds }) => {
      const body = { orderId, warehouseId, lines: lineIds.map((lineId) => ({ lineId, qty: 1 })) };
      // Inventory learns of the release from the same event, so it may not know yet.
      for (;;) {
        const answer = await inventory.dispatchShipment({ body });
        const isEarly = 'problem' in answer && answer.problem.code === 'reservation-not-committed';
        if (!isEarly) return void succeeded(answer);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    stop: () => kept.disposeAsync(),
  };
}
