import type { components } from '@atlas/generated-orders';
import type { Cancellation, Line, Order, Reservation } from '../domain/order.ts';

type Schemas = components['schemas'];

/** An order as the contract shows it. Numbers of the domain are at most 2^53 - 1, so no digit is lost. */
export function view(order: Order): Schemas['Order'] {
  const { terms } = order;
  const money = moneyIn(terms.currency);
  return {
    orderId: terms.orderId,
    state: order.state,
    customerId: terms.customerId,
    requesterId: terms.requesterId,
    taxRateBasisPoints: terms.taxRateBasisPoints,
    lines: terms.lines.map((line) => viewLine(line, money)),
    net: money(terms.net),
    tax: money(terms.tax),
    total: money(terms.total),
    createdAt: terms.createdAt.toISOString(),
    ...('placement' in order
      ? { placedAt: order.placement.placedAt.toISOString(), digest: order.placement.digest }
      : {}),
    ...('reservation' in order ? { reservation: viewReservation(order.reservation) } : {}),
    ...('cancellation' in order ? { cancellation: viewCancellation(order.cancellation) } : {}),
  };
}

type ToMoney = (amount: bigint) => Schemas['Money'];

function moneyIn(currency: string): ToMoney {
  return (amount) => ({ amountMinor: Number(amount), currency });
}

function viewLine({ lineId, sku, qty, unitPrice, warehouseId, net, tax }: Line, money: ToMoney): Schemas['OrderLine'] {
  return {
    lineId,
    sku,
    qty: Number(qty),
    unitPrice: { preciseAmount: Number(unitPrice.preciseAmount), fractionDigits: unitPrice.fractionDigits },
    ...(warehouseId === undefined ? {} : { warehouseId }),
    net: money(net),
    tax: money(tax),
  };
}

function viewReservation({ reservationId, expiresAt }: Reservation): Schemas['Reservation'] {
  return { reservationId, expiresAt: expiresAt.toISOString() };
}

function viewCancellation({ reason, shortages, cancelledAt }: Cancellation): Schemas['Cancellation'] {
  return {
    reason,
    shortages: shortages.map(({ sku, wanted, available }) => ({
      sku,
      wanted: Number(wanted),
      available: Number(available),
    })),
    cancelledAt: cancelledAt.toISOString(),
  };
}
