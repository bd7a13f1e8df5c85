import { hasRoleOf, type components } from '@atlas/generated-orders';
import type {
  Cancellation,
  CancellationRequest,
  Confirmation,
  Invoice,
  Order,
  Reservation,
  Shipment,
} from '../domain/order.ts';
import { progressOf, type LineProgress } from '../domain/quantities.ts';
import { waitsFor, type WaitsFor } from '../domain/waitsFor.ts';

type Schemas = components['schemas'];

/** The most that the contract allows. */
const LATEST_SHIPMENTS = 200;

/** An order as the contract shows it. Numbers of the domain are at most 2^53 - 1, so no digit is lost. */
export function view(order: Order): Schemas['Order'] {
  const { terms } = order;
  const money = moneyIn(terms.currency);
  const waiting = waitsFor(order);
  const shipments = 'shipments' in order ? order.shipments.slice(-LATEST_SHIPMENTS) : [];
  return {
    orderId: terms.orderId,
    state: order.state,
    since: order.since.toISOString(),
    ...(waiting ? { waitsFor: viewWaitsFor(waiting) } : {}),
    customerId: terms.customerId,
    requesterId: terms.requesterId,
    terms: terms.payment,
    taxRateBasisPoints: terms.taxRateBasisPoints,
    lines: progressOf(order).map((progress) => viewLine(progress, money)),
    net: money(terms.net),
    tax: money(terms.tax),
    total: money(terms.total),
    createdAt: terms.createdAt.toISOString(),
    ...('placement' in order
      ? { placedAt: order.placement.placedAt.toISOString(), digest: order.placement.digest }
      : {}),
    ...('reservation' in order ? { reservation: viewReservation(order.reservation) } : {}),
    ...('confirmation' in order && order.confirmation ? { confirmation: viewConfirmation(order.confirmation) } : {}),
    ...('invoice' in order && order.invoice ? { invoice: viewInvoice(order.invoice) } : {}),
    shipments: shipments.map((shipment) => viewShipment(shipment, money)),
    ...('request' in order && order.request ? { cancellationRequest: viewRequest(order.request) } : {}),
    ...(order.state === 'CANCELLED' ? { cancellation: viewCancellation(cancellationOf(order)) } : {}),
  };
}

/** An order as somebody with these roles may see it. People who do not trade see neither customers nor amounts. */
export function viewFor(order: Order, roles: readonly string[]): Schemas['SeenOrder'] {
  const whole = view(order);
  if (hasRoleOf('traders', roles)) return whole;
  const { customerId: _customer, net: _net, tax: _tax, total: _total, ...seen } = whole;
  return {
    ...seen,
    lines: whole.lines.map(({ unitPrice: _price, net: _net, tax: _tax, ...line }) => line),
    shipments: whole.shipments.map(({ lines, ...shipment }) => ({
      ...shipment,
      lines: lines.map(({ net: _net, ...line }) => line),
    })),
  };
}

type ToMoney = (amount: bigint) => Schemas['Money'];

function moneyIn(currency: string): ToMoney {
  return (amount) => ({ amountMinor: Number(amount), currency });
}

function viewWaitsFor({ what, by, until, detail }: WaitsFor): Schemas['WaitsFor'] {
  return { what, by, ...(until ? { until: until.toISOString() } : {}), detail };
}

function viewLine({ line, shipped, cancelled }: LineProgress, money: ToMoney): Schemas['OrderLine'] {
  const { lineId, sku, qty, unitPrice, warehouseId, net, tax } = line;
  return {
    lineId,
    sku,
    qty: Number(qty),
    shipped: Number(shipped),
    cancelled: Number(cancelled),
    unitPrice: { preciseAmount: Number(unitPrice.preciseAmount), fractionDigits: unitPrice.fractionDigits },
    ...(warehouseId === undefined ? {} : { warehouseId }),
    net: money(net),
    tax: money(tax),
  };
}

function viewReservation({ reservationId, expiresAt }: Reservation): Schemas['Reservation'] {
  return { reservationId, expiresAt: expiresAt.toISOString() };
}

function viewConfirmation({ approvalId, auto, decidedAt }: Confirmation): Schemas['Confirmation'] {
  return { approvalId, auto, decidedAt: decidedAt.toISOString() };
}

function viewInvoice({ invoiceId, number, dueDate, paidAt }: Invoice): Schemas['Invoice'] {
  return {
    invoiceId,
    ...(number === undefined ? {} : { number }),
    ...(dueDate === undefined ? {} : { dueDate }),
    ...(paidAt ? { paidAt: paidAt.toISOString() } : {}),
  };
}

function viewShipment({ shipmentId, warehouseId, shippedAt, lines }: Shipment, money: ToMoney): Schemas['Shipment'] {
  return {
    shipmentId,
    warehouseId,
    shippedAt: shippedAt.toISOString(),
    lines: lines.map(({ lineId, qty, net }) => ({ lineId, qty: Number(qty), net: money(net) })),
  };
}

function viewRequest({ requestedBy, requestedAt }: CancellationRequest): Schemas['CancellationRequest'] {
  return { requestedBy, requestedAt: requestedAt.toISOString() };
}

function cancellationOf(order: Extract<Order, { state: 'CANCELLED' }>): Cancellation | DiscardedDraft {
  if ('cancellation' in order) return order.cancellation;
  return { reason: 'DISCARDED', shortages: [], cancelledAt: order.since };
}

type DiscardedDraft = Omit<Cancellation, 'reason'> & { readonly reason: 'DISCARDED' };

function viewCancellation({ reason, shortages, cancelledAt }: Cancellation | DiscardedDraft): Schemas['Cancellation'] {
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
