import { describe, expect, it } from 'vitest';
import { aMessage, DIGEST, eur, micros, minutesLater, ORDER } from '../../test/messages.ts';
import { summaries, type OrderSummaryRow } from './orderSummary.ts';
import type { AnyMessage } from './projection.ts';

const line = (sku: string) => ({ lineId: ORDER, sku, qty: 1n, warehouseId: null });
const placed = aMessage('OrderPlaced', {
  orderId: ORDER,
  customerId: ORDER,
  requesterId: 'ops-1',
  lines: [line('B'), line('A'), line('B')],
  total: eur(1190n),
  digest: DIGEST,
  placedAt: micros(-1) + 999n,
});
const about = { orderId: ORDER, orderVersion: 3n };
let minute = 0;
const at = () => ({ time: minutesLater((minute += 1)), sequence: BigInt(minute) });
const reserved = () =>
  aMessage('OrderReserved', { ...about, digest: DIGEST, total: eur(1190n), requesterId: 'ops-1', lines: [] }, at());
const confirmed = () =>
  aMessage(
    'OrderConfirmed',
    {
      ...about,
      customerId: ORDER,
      lines: [],
      taxRateBasisPoints: 1900,
      net: eur(1000n),
      tax: eur(190n),
      total: eur(1190n),
      terms: 'NET_30',
      requesterId: 'ops-1',
      confirmedAt: micros(),
    },
    at(),
  );
const released = () => aMessage('OrderReleased', { ...about, releasedAt: micros() }, at());
const shipped = () =>
  aMessage(
    'OrderShipmentRecorded',
    { ...about, shipmentId: ORDER, lines: [], net: eur(1n), shippedAt: micros() },
    at(),
  );
const asked = () => aMessage('OrderCancellationRequested', { ...about, requestedAt: micros() }, at());
const cancelled = () => aMessage('OrderCancelled', { ...about, reason: 'REQUESTED' }, at());
const fulfilled = () => aMessage('OrderFulfilled', { ...about, cancelledLines: [], fulfilledAt: micros() }, at());

const after = (...messages: readonly AnyMessage[]) =>
  messages.reduce<OrderSummaryRow | undefined>(summaries.fold, undefined);

describe('the summary of an order', () => {
  it('begins with what was placed', () => {
    expect(after(placed)).toMatchObject({
      state: 'PLACED',
      line_count: 3,
      skus: ['A', 'B'],
      total_minor: 1190n,
      placed_at: minutesLater(-1),
      terms: null,
      sequence: 1n,
    });
  });

  it.each([
    ['PLACED', []],
    ['AWAITING_APPROVAL', [reserved()]],
    ['AWAITING_PAYMENT', [reserved(), confirmed()]],
    ['READY', [reserved(), confirmed(), released()]],
    ['PARTIALLY_FULFILLED', [released(), shipped()]],
    ['PARTIALLY_FULFILLED', [released(), shipped(), shipped()]],
    ['CANCELLING', [released(), asked()]],
    ['CANCELLING', [released(), asked(), shipped()]],
    ['CANCELLED', [cancelled()]],
    ['CANCELLED', [released(), asked(), cancelled()]],
    ['FULFILLED', [released(), shipped(), fulfilled()]],
    ['FULFILLED', [released(), asked(), shipped(), fulfilled()]],
    ['CANCELLED', [cancelled(), fulfilled(), released()]],
    ['FULFILLED', [fulfilled(), cancelled(), asked()]],
    ['PLACED', [placed]],
  ] as const)('is %s after %#', (state, events) => {
    expect(after(placed, ...events)?.state).toBe(state);
  });

  it('has been in its state since the event that brought it there, and counts each event', () => {
    const [first, second] = [shipped(), shipped()];
    expect(after(placed, released(), first, second)).toMatchObject({
      state_since: first.meta.time,
      sequence: second.meta.sequence,
    });
  });

  it('has the terms of the confirmation and the reason of the cancellation', () => {
    expect(after(placed, confirmed(), cancelled())).toMatchObject({ terms: 'NET_30', cancel_reason: 'REQUESTED' });
  });

  it('does not begin with another event, because the customer is unknown', () => {
    expect(after(reserved(), confirmed(), cancelled())).toBeUndefined();
  });

  it('is not changed by other events', () => {
    const item = aMessage('ItemChanged', { sku: 'A', name: 'A', baseUnit: 'piece', version: 1n, changedAt: micros() });
    expect(summaries.keyOf(item)).toBeUndefined();
    expect(after(placed, item)).toEqual(after(placed));
  });
});
