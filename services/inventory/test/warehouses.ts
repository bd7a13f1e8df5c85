import fc from 'fast-check';
import { grant, requestAdjustment, type PendingAdjustment } from '../src/domain/adjustment.ts';
import { commit, expire, release } from '../src/domain/decide.ts';
import { dispatch } from '../src/domain/dispatch.ts';
import { receive } from '../src/domain/receive.ts';
import { countedLines, openOf, type HeldLine, type Reservation } from '../src/domain/reservation.ts';
import { reserve } from '../src/domain/reserve.ts';
import type { Shipment } from '../src/domain/shipment.ts';
import { samePlace, type Movement, type StockLevel } from '../src/domain/stock.ts';
import { takeBack } from '../src/domain/takeBack.ts';
import { NOW, aLevel, someTerms } from './samples.ts';

const SKUS = ['BOLT', 'NUT'];
const WAREHOUSES = ['A', 'B'];

const sku = fc.constantFrom(...SKUS);
const warehouse = fc.constantFrom(...WAREHOUSES);
const order = fc.nat(2);
const some = fc.bigInt(1n, 4n);
const line = fc.nat(1);

/** Something that happens to Inventory. Goods move more often than orders come, so that most steps have an effect. */
export const step = fc.oneof(
  fc.record({ kind: fc.constant('receipt' as const), sku, warehouse, qty: fc.bigInt(1n, 20n) }),
  fc.record({
    kind: fc.constant('order' as const),
    lines: fc.array(fc.record({ sku, qty: fc.bigInt(1n, 6n), warehouseId: fc.option(warehouse) }), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('expire' as const, 'commit' as const), order }) },
  fc.record({ kind: fc.constant('cancel' as const), order }),
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('ship' as const), order, line, qty: some }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('back' as const), shipment: fc.nat(1), line, warehouse, qty: some }),
  },
  fc.record({ kind: fc.constant('count' as const), sku, warehouse, delta: fc.bigInt(-9n, 9n) }),
  fc.record({ kind: fc.constant('approve' as const), adjustment: fc.nat(3) }),
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const made = { newId: () => 'id', now: NOW };

/** Inventory in memory. Only decisions of the domain change it. */
export class Warehouses {
  levels: readonly StockLevel[] = SKUS.flatMap((sku) =>
    WAREHOUSES.map((code) => aLevel({ sku, warehouseId: code, warehouseCode: code, onHand: 0n })),
  );
  readonly reservations: Reservation[] = [];
  readonly shipments: Shipment[] = [];
  readonly movements: Movement[] = [];
  readonly #adjustments: PendingAdjustment[] = [];

  take(next: Step): void {
    switch (next.kind) {
      case 'receipt':
        return this.#receive(next);
      case 'order':
        return this.#order(next.lines.map((one, index) => ({ ...one, lineId: `line-${index}` })));
      case 'cancel':
        return this.#change(next.order, release);
      case 'expire':
        return this.#change(next.order, expire);
      case 'commit':
        return this.#change(next.order, (reservation) => commit(reservation, this.levels));
      case 'ship':
        return this.#ship(next);
      case 'back':
        return this.#takeBack(next);
      case 'count':
        return this.#count(next);
      case 'approve':
        return this.#approve(next.adjustment);
    }
  }

  #receive({ sku, warehouse, qty }: Extract<Step, { readonly kind: 'receipt' }>): void {
    const received = receive(this.#level(sku, warehouse), qty, made);
    if (received.ok) this.#record([received.movement]);
  }

  #order(lines: Parameters<typeof reserve>[0]['lines']): void {
    const orderId = `order-${this.reservations.length}`;
    const reservation = reserve({ orderId, lines }, this.levels, { newId: () => orderId, now: NOW, holdSeconds: 60 });
    this.#store(this.reservations.length, reservation);
  }

  #ship({ order, line, qty }: Extract<Step, { readonly kind: 'ship' }>): void {
    const reservation = this.reservations[order];
    if (!reservation || reservation.state === 'FAILED') return;
    const { lineId = '', warehouseId = '' } = reservation.lines[line] ?? {};
    const sent = dispatch(reservation, this.levels, { warehouseId, lines: [{ lineId, qty }] }, made);
    if (!sent.ok) return;
    this.reservations[order] = sent.reservation;
    this.shipments.push(sent.shipment);
    this.#record(sent.movements);
  }

  #takeBack({ shipment, line, warehouse, qty }: Extract<Step, { readonly kind: 'back' }>): void {
    const found = this.shipments[shipment];
    if (!found) return;
    const what = { warehouseId: warehouse, credit: true, reason: 'Because', recordedBy: 'ops-1' };
    const back = takeBack(found, this.levels, { ...what, lines: [{ lineId: `line-${line}`, qty }] }, made);
    if (!back.ok) return;
    this.shipments[shipment] = back.shipment;
    this.#record(back.movements);
  }

  #count({ sku, warehouse, delta }: Extract<Step, { readonly kind: 'count' }>): void {
    const level = this.#level(sku, warehouse);
    const terms = someTerms({ sku, warehouseId: warehouse, expectedOnHand: level.onHand, delta });
    const requested = requestAdjustment(level, terms, 'digest');
    if (requested.ok) this.#adjustments.push(requested.adjustment);
  }

  #approve(which: number): void {
    const pending = this.#adjustments[which];
    if (!pending) return;
    const { terms, version, digest } = pending;
    const level = this.#level(terms.sku, terms.warehouseId);
    const granted = grant(pending, { subjectVersion: version, digest }, level, made);
    this.#adjustments.splice(which, 1);
    if (granted.done === 'POSTED') this.#record([granted.movement]);
  }

  #level(sku: string, warehouseId: string): StockLevel {
    const level = this.levels.find((one) => samePlace(one, { sku, warehouseId }));
    if (!level) throw new Error(`there is no balance of ${sku} in ${warehouseId}`);
    return level;
  }

  #change(order: number, decide: (reservation: Reservation) => Reservation | undefined): void {
    const before = this.reservations[order];
    const after = before && decide(before);
    if (after) this.#store(order, after);
  }

  /** Stores a reservation, and reserves its lines instead of the previous ones. */
  #store(order: number, after: Reservation): void {
    const before = this.reservations[order];
    const were = before ? countedLines(before) : [];
    this.reservations[order] = after;
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

/** The open quantity of these lines in one balance. */
export function openIn(lines: readonly HeldLine[], level: StockLevel): bigint {
  return sum(lines.filter((one) => samePlace(one, level)).map(openOf));
}

export function sum(quantities: readonly bigint[]): bigint {
  return quantities.reduce((total, qty) => total + qty, 0n);
}
