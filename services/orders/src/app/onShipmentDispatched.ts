import type { OnShipmentDispatched } from '@atlas/generated-orders';
import { dateOfMicros } from '@atlas/runtime/time';
import { recordShipment } from '../domain/decide/shipment.ts';
import type { OrderStore } from '../ports.ts';
import { answer } from './answer.ts';
import { orderFulfilled, orderShipmentRecorded } from './events.ts';

export const onShipmentDispatched =
  ({ orders }: { readonly orders: OrderStore }): OnShipmentDispatched.Handler =>
  ({ data, ctx }, tx): Promise<OnShipmentDispatched.Result> =>
    answer(orders, tx, {
      orderId: data.orderId,
      decide: (order) => recordShipment(order, { ...data, dispatchedAt: dateOfMicros(data.dispatchedAt) }, ctx.now),
      events: ({ order, shipment }) =>
        order.state === 'FULFILLED'
          ? [orderShipmentRecorded(order, shipment), orderFulfilled(order)]
          : [orderShipmentRecorded(order, shipment)],
    });
