import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Warehouses, openIn, step, sum, type Step } from '../../test/warehouses.ts';
import { countedLines } from './reservation.ts';
import { samePlace, type StockLevel } from './stock.ts';

const steps = fc.array(step, { maxLength: 80, size: 'max' });

/** The invariants of stock that are broken. */
function broken({ levels, movements, reservations, shipments }: Warehouses): readonly string[] {
  const counted = reservations.flatMap(countedLines);
  const moved = (level: StockLevel) => movements.filter((one) => samePlace(one, level)).map(({ delta }) => delta);
  const shipped = reservations.flatMap((one) => (one.state === 'FAILED' ? [] : one.lines));
  const left = shipments.flatMap(({ lines }) => lines);
  const holds: Readonly<Record<string, boolean>> = {
    'S1: on hand is the sum of the movements': levels.every((level) => level.onHand === sum(moved(level))),
    'S2: 0 <= reserved <= on hand': levels.every(({ onHand, reserved }) => reserved >= 0n && reserved <= onHand),
    'S3: reserved is what is open': levels.every((level) => level.reserved === openIn(counted, level)),
    'no more leaves than was ordered': shipped.every((line) => line.shipped >= 0n && line.shipped <= line.qty),
    'no more comes back than left': left.every(({ qty, returned }) => returned >= 0n && returned <= qty),
  };
  return Object.keys(holds).filter((invariant) => !holds[invariant]);
}

describe('after anything that can happen to stock', () => {
  it('no invariant is broken', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const warehouses = new Warehouses();
        for (const next of taken) {
          warehouses.take(next);
          expect(broken(warehouses)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goods of an order left only while it was COMMITTED (S4)', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const warehouses = new Warehouses();
        for (const next of taken) {
          const before = next.kind === 'ship' ? warehouses.reservations[next.order]?.state : undefined;
          const { length } = warehouses.shipments;
          warehouses.take(next);
          expect(warehouses.shipments.length === length ? 'COMMITTED' : before).toBe('COMMITTED');
        }
      }),
    );
  });

  it('an order that is cancelled holds nothing (S5)', () => {
    fc.assert(
      fc.property(steps, fc.nat(2), (taken, order) => {
        const warehouses = new Warehouses();
        const cancel: Step = { kind: 'cancel', order };
        for (const next of [...taken, cancel]) warehouses.take(next);
        const reservation = warehouses.reservations[order];
        expect(reservation ? countedLines(reservation) : []).toEqual([]);
      }),
    );
  });
});
