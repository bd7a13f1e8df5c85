import { describe, expect, it } from 'vitest';
import { aMessage, micros, minutesLater, ORDER, OTHER } from '../../test/messages.ts';
import { holdAfter, type Hold } from './holds.ts';
import type { AnyMessage } from './projection.ts';

const LINES: readonly [string, string] = [
  '0199f3a2-000a-7000-8000-000000000001',
  '0199f3a2-000b-7000-8000-000000000001',
];
const holding = (warehouseId: string, qtys: readonly bigint[]) => ({
  orderId: ORDER,
  reservationId: OTHER,
  lines: qtys.map((qty, index) => ({ lineId: LINES[index] ?? '', sku: `SKU-${index}`, warehouseId, qty })),
});
const reserved = (...qtys: readonly bigint[]) =>
  aMessage('StockReserved', { ...holding(OTHER, qtys), expiresAt: micros(60) });
/** In another warehouse than before. */
const renewed = (...qtys: readonly bigint[]) => aMessage('ReservationRenewed', holding(ORDER, qtys));
const dispatched = (lineId: string, qty: bigint, last = false) =>
  aMessage('ShipmentDispatched', {
    orderId: ORDER,
    shipmentId: OTHER,
    warehouseId: OTHER,
    lines: [{ lineId, sku: 'SKU-0', qty }],
    last,
    dispatchedAt: micros(5),
  });
const failed = aMessage('StockReservationFailed', { orderId: ORDER, shortages: [] });
const expired = aMessage('ReservationExpired', { orderId: ORDER, reservationId: OTHER });
const released = (reservationId: string | null = OTHER) =>
  aMessage('ReservationReleased', {
    orderId: ORDER,
    reservationId,
    released: [],
    shipped: [],
    cause: 'CANCELLATION_REQUESTED',
  });

const after = (...messages: readonly AnyMessage[]) => messages.reduce<Hold | undefined>(holdAfter, undefined);
const held = (hold: Hold | undefined) => hold?.lines.map(({ line_id, qty }) => [line_id, qty]);

describe('what is held for an order', () => {
  it.each([
    ['all that was reserved', [reserved(2n, 3n)], 'HELD', [2n, 3n]],
    ['nothing of a line without a quantity', [reserved(2n, 0n)], 'HELD', [2n]],
    ['what has not left', [reserved(2n, 3n), dispatched(LINES[0], 1n)], 'HELD', [1n, 3n]],
    ['no line that has left', [reserved(2n, 3n), dispatched(LINES[0], 2n)], 'HELD', [3n]],
    ['no line of which more has left', [reserved(2n, 3n), dispatched(LINES[0], 9n)], 'HELD', [3n]],
    ['all of a line of which less than nothing left', [reserved(2n), dispatched(LINES[0], -1n)], 'HELD', [2n]],
    ['what no shipment has named', [reserved(2n), dispatched(OTHER, 1n)], 'HELD', [2n]],
    ['nothing after the last shipment', [reserved(2n, 3n), dispatched(LINES[0], 1n, true)], 'SHIPPED', []],
    ['nothing after it expired', [reserved(2n), expired], 'EXPIRED', []],
    ['nothing after it was released', [reserved(2n), released()], 'RELEASED', []],
    ['nothing if stock was short', [failed], 'FAILED', []],
    ['nothing if stock was short once more', [reserved(2n), expired, failed], 'FAILED', []],
    ['what is held once more', [reserved(2n), expired, renewed(2n, 0n)], 'HELD', [2n]],
    ['what has not left of it', [reserved(2n), expired, renewed(2n), dispatched(LINES[0], 1n)], 'HELD', [1n]],
    ['nothing after that was released', [reserved(2n), expired, renewed(2n), released()], 'RELEASED', []],
    ['what is held once more, although no event said that it was held', [renewed(2n)], 'HELD', [2n]],
  ] as const)('is %s', (_, messages, state, quantities) => {
    const hold = after(...messages);
    expect(hold?.row.state).toBe(state);
    expect(hold?.lines.map(({ qty }) => qty)).toEqual(quantities);
  });

  it('has a line only once if it came twice', () => {
    const line = { lineId: LINES[0], sku: 'A', warehouseId: OTHER };
    const twice = aMessage('StockReserved', {
      orderId: ORDER,
      reservationId: OTHER,
      expiresAt: micros(60),
      lines: [
        { ...line, qty: 1n },
        { ...line, lineId: LINES[0].toUpperCase(), qty: 2n },
      ],
    });
    expect(held(after(twice))).toEqual([[LINES[0], 2n]]);
  });

  it('is found by the id of a line in upper case', () => {
    expect(held(after(reserved(2n), dispatched(LINES[0].toUpperCase(), 1n)))).toEqual([[LINES[0], 1n]]);
  });

  it('keeps the reservation, its end and the last shipment', () => {
    expect(after(reserved(2n, 3n), dispatched(LINES[0], 1n), released(null))?.row).toEqual({
      order_id: ORDER,
      reservation_id: OTHER,
      state: 'RELEASED',
      expires_at: minutesLater(60),
      last_shipped_at: minutesLater(5),
    });
  });

  it('has no end after it is held once more, and has the new warehouse', () => {
    expect(after(reserved(2n), expired, renewed(2n))).toMatchObject({
      row: { reservation_id: OTHER, state: 'HELD', expires_at: null },
      lines: [{ line_id: LINES[0], warehouse_id: ORDER, qty: 2n }],
    });
  });

  it('has no reservation if the order never had one', () => {
    expect(after(released(null))?.row).toMatchObject({ reservation_id: null, state: 'RELEASED' });
  });

  it('stays as it is when goods come back', () => {
    const before = after(reserved(2n), dispatched(LINES[0], 2n, true));
    const returned = aMessage('ReturnRecorded', {
      orderId: ORDER,
      returnId: OTHER,
      shipmentId: OTHER,
      warehouseId: OTHER,
      lines: [],
      credit: true,
      recordedAt: micros(),
    });
    expect(holdAfter(before, returned)).toBe(before);
  });
});
