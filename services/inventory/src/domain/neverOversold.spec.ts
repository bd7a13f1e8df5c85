import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOW, aLevel } from '../../test/samples.ts';
import { commit, expire, release } from './decide.ts';
import { dispatch } from './dispatch.ts';
import { receive } from './receive.ts';
import { countedLines, openOf, type HeldLine, type Reservation } from './reservation.ts';
import { reserve } from './reserve.ts';
import { samePlace, type Movement, type StockLevel } from './stock.ts';

const SKUS = ['BOLT', 'NUT'];
const WAREHOUSES = ['A', 'B'];

const sku = fc.constantFrom(...SKUS);
const warehouse = fc.constantFrom(...WAREHOUSES);
const which = fc.nat(2);
const step = fc.oneof(
  fc.record({ kind: fc.constant('receipt' as const), sku, warehouse, qty: fc.bigInt(1n, 20n) }),
  fc.record({
    kind: fc.constant('order' as const),
    lines: fc.array(fc.record({ sku, qty: fc.bigInt(1n, 6n), warehouseId: fc.option(warehouse) }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  fc.record({ kind: fc.constantFrom('cancel' as const, 'expire' as const, 'commit' as const), which }),
  fc.record({ kind: fc.constant('ship' as const), which, line: fc.nat(1), warehouse, qty: fc.bigInt(1n, 4n) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Inventory in memory. Only decisions of the domain change it. */
class Warehouses {
  levels: readonly StockLevel[] = SKUS.flatMap((sku) =>
    WAREHOUSES.map((code) => aLevel({ sku, warehouseId: code, warehouseCode: code, onHand: 0n })),
  );
  readonly reservations: Reservation[] = [];
  readonly movements: Movement[] = [];

  take(next: Step): void {
    switch (next.kind) {
      case 'receipt':
        return this.#receive(next.sku, next.warehouse, next.qty);
      case 'order': {
        const orderId = `order-${this.reservations.length}`;
        const lines = next.lines.map((line, index) => ({ ...line, lineId: `line-${index}` }));
        return this.#store(
          this.reservations.length,
          reserve({ orderId, lines }, this.levels, { reservationId: orderId, now: NOW }),
        );
      }
      case 'cancel':
        return this.#change(next.which, release);
      case 'expire':
        return this.#change(next.which, expire);
      case 'commit':
        return this.#change(next.which, (reservation) => commit(reservation, this.levels));
      case 'ship':
        return this.#ship(next);
    }
  }

  #receive(sku: string, warehouseId: string, qty: bigint): void {
    const level = this.levels.find((one) => samePlace(one, { sku, warehouseId }));
    const received = level && receive(level, qty, { newId: () => 'id', now: NOW });
    if (received?.ok) this.#record([received.movement]);
  }

  #ship({ which, line, warehouse, qty }: Extract<Step, { readonly kind: 'ship' }>): void {
    const reservation = this.reservations[which];
    if (!reservation) return;
    const load = { warehouseId: warehouse, lines: [{ lineId: `line-${line}`, qty }] };
    const sent = dispatch(reservation, this.levels, load, { newId: () => 'id', now: NOW });
    if (!sent.ok) return;
    this.reservations[which] = sent.reservation;
    this.#record(sent.movements);
  }

  #change(which: number, decide: (reservation: Reservation) => Reservation | undefined): void {
    const before = this.reservations[which];
    const after = before && decide(before);
    if (after) this.#store(which, after);
  }

  /** Stores a reservation, and counts its lines instead of those before. */
  #store(which: number, after: Reservation): void {
    const before = this.reservations[which];
    const were = before ? countedLines(before) : [];
    this.reservations[which] = after;
    this.levels = this.levels.map((level) => ({
      ...level,
      reserved: level.reserved - openIn(were, level) + openIn(countedLines(after), level),
    }));
  }

  #record(movements: readonly Movement[]): void {
    this.movements.push(...movements);
    this.levels = this.levels.map((level) => {
      const last = movements.findLast((movement) => samePlace(movement, level));
      return last ? { ...level, onHand: last.onHandAfter, reserved: last.reservedAfter } : level;
    });
  }
}

function openIn(lines: readonly HeldLine[], level: StockLevel): bigint {
  return sum(lines.filter((line) => samePlace(line, level)).map(openOf));
}

function sum(quantities: readonly bigint[]): bigint {
  return quantities.reduce((total, qty) => total + qty, 0n);
}

/** The names of the design's invariants that do not hold. */
function broken({ levels, movements, reservations }: Warehouses): readonly string[] {
  const counted = reservations.flatMap(countedLines);
  const moved = (level: StockLevel) => movements.filter((one) => samePlace(one, level)).map(({ delta }) => delta);
  return [
    ...(levels.every((level) => level.onHand === sum(moved(level))) ? [] : ['S1: on hand = sum of the movements']),
    ...(levels.every(({ onHand, reserved }) => reserved >= 0n && reserved <= onHand)
      ? []
      : ['S2: 0 <= reserved <= on hand']),
    ...(levels.every((level) => level.reserved === openIn(counted, level)) ? [] : ['S3: reserved = what is open']),
  ];
}

describe('after any receipts, orders, releases, ends of time, shipments and cancellations', () => {
  it('the invariants S1 to S3 hold', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (taken) => {
        const warehouses = new Warehouses();
        for (const next of taken) {
          warehouses.take(next);
          expect(broken(warehouses)).toEqual([]);
        }
      }),
    );
  });

  it('all of an order leaves at most once, and what left was committed before (S4)', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (taken) => {
        const warehouses = new Warehouses();
        for (const next of taken) {
          const before = next.kind === 'ship' ? warehouses.reservations[next.which]?.state : 'COMMITTED';
          const moved = warehouses.movements.length;
          warehouses.take(next);
          expect(warehouses.movements.length === moved ? 'COMMITTED' : before).toBe('COMMITTED');
          const lines = warehouses.reservations.flatMap((one) => (one.state === 'FAILED' ? [] : one.lines));
          expect(lines.filter(({ qty, shipped }) => shipped < 0n || shipped > qty)).toEqual([]);
        }
      }),
    );
  });

  it('a cancelled order holds nothing, in any state before (S5)', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), which, (taken, cancelled) => {
        const warehouses = new Warehouses();
        for (const next of [...taken, { kind: 'cancel' as const, which: cancelled }]) warehouses.take(next);
        const reservation = warehouses.reservations[cancelled];
        expect(reservation ? countedLines(reservation) : []).toEqual([]);
      }),
    );
  });
});
