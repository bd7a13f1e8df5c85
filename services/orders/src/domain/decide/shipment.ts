import { evolve } from '../evolve.ts';
import type { Cancelled, Cancelling, Fulfilled, Order, PartiallyFulfilled, Shipment, ShipmentLine } from '../order.ts';
import { netOfPart, quantities, shippedByLine } from '../quantities.ts';
import { noopIn, type Contradiction, type Moved, type Noop } from './decision.ts';

/** What Inventory says about goods that left. */
export interface Dispatch {
  readonly shipmentId: string;
  readonly warehouseId: string;
  readonly lines: readonly { readonly lineId: string; readonly qty: bigint }[];
  /** Whether nothing of the order is held any more. */
  readonly last: boolean;
  readonly dispatchedAt: Date;
}

export interface Recorded extends Moved<PartiallyFulfilled | Cancelling | Fulfilled> {
  readonly shipment: Shipment;
}

/**
 * ShipmentDispatched. The order is fulfilled if nothing of it is held any more, even if not all of it has left. In
 * CANCELLING, the goods left before Inventory saw the request, so they are recorded; Inventory's answer follows.
 */
export function recordShipment(order: Order, dispatch: Dispatch, now: Date): Recorded | Noop | Contradiction {
  switch (order.state) {
    case 'READY':
    case 'PARTIALLY_FULFILLED':
    case 'CANCELLING': {
      if (order.shipments.some(({ shipmentId }) => shipmentId === dispatch.shipmentId)) {
        return { noop: 'known shipment' };
      }
      const lines = partsOf(order, dispatch);
      if ('contradiction' in lines) return lines;
      const { shipmentId, warehouseId, dispatchedAt } = dispatch;
      const shipment = { shipmentId, warehouseId, shippedAt: dispatchedAt, orderVersion: order.version + 1n, lines };
      if (order.state === 'CANCELLING') return { order: evolve.withShipment(order, shipment), shipment };
      const shipments = [...order.shipments, shipment];
      const all = shippedByLine(shipments);
      return dispatch.last || order.terms.lines.every(({ lineId, qty }) => all.get(lineId) === qty)
        ? { order: evolve.toFulfilled(order, shipments, now), shipment }
        : { order: evolve.toPartiallyFulfilled(order, shipment, now), shipment };
    }
    case 'DRAFT':
    case 'PLACED':
    case 'AWAITING_APPROVAL':
    case 'AWAITING_PAYMENT':
    case 'FULFILLED':
    case 'CANCELLED':
      return noopIn(order);
  }
}

/** ReservationReleased. After the release of an order, Inventory decides how a request to cancel ends. */
export function endCancellation(
  order: Order,
  shipped: readonly { readonly lineId: string; readonly qty: bigint }[],
  now: Date,
): Moved<Cancelled | Fulfilled> | Noop | Contradiction {
  switch (order.state) {
    case 'CANCELLING': {
      const recorded = shippedByLine(order.shipments);
      const said = quantities(shipped);
      const differs = [...recorded.keys(), ...said.keys()].find(
        (lineId) => (recorded.get(lineId) ?? 0n) !== (said.get(lineId) ?? 0n),
      );
      if (differs !== undefined) {
        return {
          contradiction:
            `Inventory says that ${said.get(differs) ?? 0n} of line ${differs} had left, but the shipments recorded ` +
            `for order ${order.terms.orderId} have ${recorded.get(differs) ?? 0n}`,
        };
      }
      if (order.shipments.length > 0) return { order: evolve.toFulfilled(order, order.shipments, now) };
      return { order: evolve.toCancelled(order, { reason: 'REQUESTED', shortages: [], cancelledAt: now }) };
    }
    case 'DRAFT':
    case 'PLACED':
    case 'AWAITING_APPROVAL':
    case 'AWAITING_PAYMENT':
    case 'READY':
    case 'PARTIALLY_FULFILLED':
    case 'FULFILLED':
    case 'CANCELLED':
      return noopIn(order);
  }
}

/** The parts of the order's lines that left, in the sequence of the lines. */
function partsOf(
  { terms, shipments }: { readonly terms: Order['terms']; readonly shipments: readonly Shipment[] },
  { shipmentId, lines }: Dispatch,
): readonly ShipmentLine[] | Contradiction {
  if (lines.length === 0) return { contradiction: `shipment ${shipmentId} of order ${terms.orderId} has no line` };
  const before = shippedByLine(shipments);
  const wanted = quantities(lines);
  const odd = lines.find(({ qty }) => qty <= 0n);
  if (odd)
    return { contradiction: `shipment ${shipmentId} of order ${terms.orderId} has ${odd.qty} of line ${odd.lineId}` };
  const unknown = [...wanted.keys()].find((lineId) => !terms.lines.some((line) => line.lineId === lineId));
  if (unknown !== undefined) {
    return { contradiction: `shipment ${shipmentId} has line ${unknown}, which order ${terms.orderId} does not have` };
  }
  const parts: ShipmentLine[] = [];
  for (const line of terms.lines) {
    const qty = wanted.get(line.lineId);
    if (qty === undefined) continue;
    const left = before.get(line.lineId) ?? 0n;
    if (left + qty > line.qty) {
      return {
        contradiction:
          `shipment ${shipmentId} has ${qty} of line ${line.lineId} of order ${terms.orderId}, ` +
          `of which ${line.qty - left} are still to leave`,
      };
    }
    parts.push({ lineId: line.lineId, qty, net: netOfPart(line, left, qty) });
  }
  return parts;
}
