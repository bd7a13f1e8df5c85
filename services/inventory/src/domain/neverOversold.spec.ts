import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOW, aLevel } from '../../test/samples.ts';
import { receive } from './receive.ts';
import { release } from './release.ts';
import type { HeldLine, Reservation } from './reservation.ts';
import { reserve } from './reserve.ts';
import type { StockLevel } from './stock.ts';

const SKUS = ['BOLT', 'NUT'];
const WAREHOUSES = ['A', 'B'];

const sku = fc.constantFrom(...SKUS);
const warehouse = fc.constantFrom(...WAREHOUSES);
const receipt = fc.record({ kind: fc.constant('receipt' as const), sku, warehouse, qty: fc.bigInt(1n, 20n) });
const order = fc.record({
  kind: fc.constant('order' as const),
  lines: fc.array(fc.record({ sku, qty: fc.bigInt(1n, 6n), warehouseId: fc.option(warehouse) }), {
    minLength: 1,
    maxLength: 3,
  }),
});
const cancel = fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(6) });
const step = fc.oneof(receipt, order, cancel);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Inventory in memory. Only decisions of the domain change it. */
class Warehouses {
  levels: readonly StockLevel[] = SKUS.flatMap((sku) =>
    WAREHOUSES.map((code) => aLevel({ sku, warehouseId: code, warehouseCode: code, onHand: 0n })),
  );
  readonly reservations: Reservation[] = [];

  take(next: Step): void {
    switch (next.kind) {
      case 'receipt':
        return this.#receive(next.sku, next.warehouse, next.qty);
      case 'order': {
        const orderId = `order-${this.reservations.length}`;
        const lines = next.lines.map((line, index) => ({ ...line, lineId: `line-${index}` }));
        const reservation = reserve({ orderId, lines }, this.levels, { reservationId: orderId, now: NOW });
        if (reservation.state === 'HELD') this.#addReserved(reservation.lines, 1n);
        this.reservations.push(reservation);
        return;
      }
      case 'cancel': {
        const reservation = this.reservations[next.which];
        const released = reservation && release(reservation);
        if (!released) return;
        this.#addReserved(released.lines, -1n);
        this.reservations[next.which] = released;
      }
    }
  }

  #receive(sku: string, warehouseId: string, qty: bigint): void {
    this.levels = this.levels.map((level) => {
      if (level.sku !== sku || level.warehouseId !== warehouseId) return level;
      const received = receive(level, { movementId: 'movement', qty, recordedAt: NOW });
      return received.ok ? { ...level, onHand: received.movement.onHandAfter } : level;
    });
  }

  #addReserved(lines: readonly HeldLine[], sign: bigint): void {
    this.levels = this.levels.map((level) => ({
      ...level,
      reserved: level.reserved + sign * quantityOf(lines, level),
    }));
  }
}

function quantityOf(lines: readonly HeldLine[], { sku, warehouseId }: StockLevel): bigint {
  return lines
    .filter((line) => line.sku === sku && line.warehouseId === warehouseId)
    .reduce((sum, { qty }) => sum + qty, 0n);
}

describe('after any receipts, orders and cancellations', () => {
  it('0 <= reserved <= on hand, and what is reserved is exactly what reservations hold', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (taken) => {
        const warehouses = new Warehouses();
        for (const next of taken) {
          warehouses.take(next);
          const held = warehouses.reservations.flatMap((reservation) =>
            reservation.state === 'HELD' ? reservation.lines : [],
          );
          for (const level of warehouses.levels) {
            expect(level.reserved >= 0n && level.reserved <= level.onHand).toBe(true);
            expect(level.reserved).toBe(quantityOf(held, level));
          }
        }
      }),
    );
  });
});
