import type { AwaitApproval } from '@atlas/generated-orders';
import { dateOfMicros } from '@atlas/runtime/time';
import { awaitApproval as decide } from '../domain/decide/stock.ts';
import type { AwaitingApproval } from '../domain/order.ts';
import type { OrderStore } from '../ports.ts';
import { orderReserved } from './events.ts';
import { neverPlaced } from './orderOf.ts';

/** Reads, decides about and writes all orders of a set together. */
export const awaitApproval =
  ({ orders }: { readonly orders: OrderStore }): AwaitApproval.Handler =>
  async ({ messages, ctx: { now } }, tx): Promise<readonly AwaitApproval.Result[]> => {
    const current = new Map(
      await orders.loadAll(
        tx,
        messages.map(({ data }) => data.orderId),
      ),
    );
    const moved: AwaitingApproval[] = [];
    const results = messages.map(({ data }): AwaitApproval.Result => {
      const { orderId, reservationId, expiresAt } = data;
      const before = current.get(orderId);
      if (!before) throw neverPlaced(orderId);
      const decided = decide(before, { reservationId, expiresAt: dateOfMicros(expiresAt) }, now);
      if ('noop' in decided) return { events: [], noop: decided.noop };
      const { order } = decided;
      // a second event of the set about the same order finds it as it is then
      current.set(orderId, order);
      moved.push(order);
      return { events: [orderReserved(order)] };
    });
    if (moved.length > 0) await orders.saveReserved(tx, moved);
    return results;
  };
