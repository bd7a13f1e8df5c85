import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  LATER,
  LINE_ID,
  NOW,
  aShipment,
  confirmation,
  inEveryState,
  invoice,
  placement,
  request,
  reservation,
  shortage,
} from '../../../test/samples.ts';
import { evolve } from '../evolve.ts';
import type { Order } from '../order.ts';
import { cancelForDecision, confirm } from './approval.ts';
import { cancel, change, discard, place } from './commands.ts';
import type { Contradiction, Moved, Noop } from './decision.ts';
import { cancelForPayment, noteInvoice, releaseOnPayment } from './invoice.ts';
import { endCancellation, recordShipment, type Dispatch } from './shipment.ts';
import { awaitApproval, cancelForExpiry, cancelForShortage } from './stock.ts';

const orders = inEveryState();
const unpaid = inEveryState({ payment: 'NET_30' }, false);
const nothingLeft = { ...orders, CANCELLING: evolve.toCancelling(orders.READY, request) };

const { digest } = placement;
const subject = { version: 3n, digest };
const other = { version: 2n, digest };
const paid = { invoiceId: invoice.invoiceId, paidAt: LATER };
const failed = { invoiceId: invoice.invoiceId, final: true };
const dispatch: Dispatch = {
  shipmentId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e99',
  warehouseId: aShipment(1n).warehouseId,
  lines: [{ lineId: LINE_ID, qty: 1n }],
  last: false,
  dispatchedAt: NOW,
};
const left = [{ lineId: LINE_ID, qty: 4n }];

type Decision =
  | Moved<Order>
  | Noop
  | Contradiction
  | { readonly ok: false; readonly problem: { readonly code: string } };

/** The triggers that change orders, and the orders on which each is tried. */
const TRIGGERS: Readonly<Record<string, readonly [typeof orders, ...((order: Order) => Decision)[]]>> = {
  placeOrder: [orders, (order) => place(order, placement)],
  discardOrder: [orders, (order) => discard(order, request)],
  updateDraftOrder: [orders, (order) => change(order, { currency: 'USD' }, 'ops-2')],
  'cancelOrder by Ops': [orders, (order) => cancel(order, request, ['ops'])],
  'cancelOrder by Finance, paid': [orders, (order) => cancel(order, request, ['finance'])],
  'cancelOrder by Finance, not paid': [unpaid, (order) => cancel(order, request, ['finance'])],
  StockReserved: [orders, (order) => awaitApproval(order, reservation, NOW)],
  StockReservationFailed: [orders, (order) => cancelForShortage(order, [shortage], NOW)],
  ReservationExpired: [orders, (order) => cancelForExpiry(order, NOW)],
  ApprovalGranted: [orders, (order) => confirm(order, subject, confirmation, NOW)],
  ApprovalRejected: [orders, (order) => cancelForDecision(order, subject, 'APPROVAL_REJECTED', NOW)],
  ApprovalExpired: [orders, (order) => cancelForDecision(order, subject, 'APPROVAL_EXPIRED', NOW)],
  'a decision about another version': [
    orders,
    (order) => confirm(order, other, confirmation, NOW),
    (order) => confirm(order, { ...subject, digest: 'b'.repeat(64) }, confirmation, NOW),
    (order) => cancelForDecision(order, other, 'APPROVAL_REJECTED', NOW),
    (order) => cancelForDecision(order, other, 'APPROVAL_EXPIRED', NOW),
  ],
  'InvoiceIssued, PREPAID': [orders, (order) => noteInvoice(order, invoice, NOW)],
  'InvoiceIssued, NET_30': [unpaid, (order) => noteInvoice(order, invoice, NOW)],
  InvoicePaid: [unpaid, (order) => releaseOnPayment(order, paid, NOW)],
  'InvoicePaid again': [orders, (order) => releaseOnPayment(order, paid, NOW)],
  'InvoicePaymentFailed, final': [orders, (order) => cancelForPayment(order, failed, NOW)],
  'InvoicePaymentFailed, not final': [orders, (order) => cancelForPayment(order, { ...failed, final: false }, NOW)],
  'ShipmentDispatched, not the last': [orders, (order) => recordShipment(order, dispatch, NOW)],
  'ShipmentDispatched, the last': [orders, (order) => recordShipment(order, { ...dispatch, last: true }, NOW)],
  'ReservationReleased, some left': [orders, (order) => endCancellation(order, left, NOW)],
  'ReservationReleased, none left': [nothingLeft, (order) => endCancellation(order, [], NOW)],
};

/** The cells of the table in the README: trigger, state, outcome. */
function documented(): readonly (readonly [trigger: string, state: keyof typeof orders, outcome: string])[] {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const [, section = ''] = readme.split('## States');
  const rows = section
    .split('\n## ')[0]
    ?.split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| -'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const [[, ...states] = [], ...triggers] = rows ?? [];
  return triggers.flatMap(([trigger = '', ...cells]) =>
    cells.map((cell, index) => [trigger, stateNamed(states[index]), cell] as const),
  );
}

function stateNamed(name: string | undefined): keyof typeof orders {
  if (name === undefined || !isState(name)) throw new Error(`${name} is not a state`);
  return name;
}

function isState(name: string): name is keyof typeof orders {
  return name in orders;
}

/** A decision as the table writes it. A change raises the version by one. */
function outcomeOf(order: Order, decision: Decision): string {
  if ('noop' in decision) return '-';
  if ('contradiction' in decision) return decision.contradiction;
  if ('problem' in decision) return decision.problem.code;
  expect(decision.order.version).toBe(order.version + 1n);
  return decision.order.state;
}

describe('the state table of an order in the README', () => {
  const cells = documented();

  it('has each trigger with each state', () => {
    const pairs = Object.keys(TRIGGERS).flatMap((trigger) => Object.keys(orders).map((state) => [trigger, state]));
    expect(cells.map(([trigger, state]) => [trigger, state])).toEqual(pairs);
  });

  it.each(cells)('is right about %s in %s: %s', (trigger, state, outcome) => {
    const [tried, ...decisions] = TRIGGERS[trigger] ?? [orders];
    const order = tried[state];
    expect(decisions.map((decide) => outcomeOf(order, decide(order)))).toEqual(decisions.map(() => outcome));
  });
});
