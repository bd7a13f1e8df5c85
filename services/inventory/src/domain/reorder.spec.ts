import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aLevel } from '../../test/samples.ts';
import { reached, reachedByHold } from './reorder.ts';
import { available } from './stock.ts';

const level = aLevel({ reorderPoint: 4n });
const place = { sku: 'BOLT', warehouseId: 'wh-a' };

describe('a reorder point is reached', () => {
  it.each([
    ['falls to it', { reserved: 6n }, 4n],
    ['falls below it', { reserved: 8n }, 2n],
  ])('if the free stock %s', (_what, change, free) => {
    expect(reached(level, { ...level, ...change })).toEqual({ ...place, reorderPoint: 4n, free });
  });

  it('if it is set at what is free, or above', () => {
    expect(reached(aLevel(), aLevel({ reorderPoint: 10n }))).toEqual({ ...place, reorderPoint: 10n, free: 10n });
    expect(reached(level, { ...level, reorderPoint: 12n })).toMatchObject({ reorderPoint: 12n });
  });

  it.each([
    ['stays above it', level, { reserved: 5n }],
    ['was low already', aLevel({ reorderPoint: 4n, reserved: 7n }), { reserved: 9n }],
    ['rises', aLevel({ reorderPoint: 4n, reserved: 7n }), { reserved: 0n }],
    ['falls without a reorder point', aLevel(), { reserved: 10n }],
    ['is low and the point is removed', aLevel({ reorderPoint: 4n, reserved: 7n }), { reorderPoint: null }],
  ])('not if the free stock %s', (_what, before, change) => {
    expect(reached(before, { ...before, ...change })).toBeUndefined();
  });

  it('once by all lines of an order together, in each of its warehouses', () => {
    const inB = aLevel({ warehouseId: 'wh-b', reorderPoint: 9n });
    const inC = aLevel({ warehouseId: 'wh-c', reorderPoint: 0n });
    const held = [
      { ...place, qty: 3n },
      { ...place, qty: 3n },
      { ...place, warehouseId: 'wh-b', qty: 1n },
      { ...place, warehouseId: 'wh-c', qty: 9n },
    ];
    expect(reachedByHold([level, inB, inC], held)).toEqual([
      { ...place, reorderPoint: 4n, free: 4n },
      { ...place, warehouseId: 'wh-b', reorderPoint: 9n, free: 9n },
    ]);
  });

  it('at most once until the free stock has been above it again', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 10n), { minLength: 1 }), (reservations) => {
        let [before, mayReport] = [level, true];
        for (const reserved of reservations) {
          const after = { ...level, reserved };
          const report = reached(before, after);
          expect(report === undefined || mayReport).toBe(true);
          if (available(after) > 4n) mayReport = true;
          else if (report) mayReport = false;
          before = after;
        }
        expect(mayReport).toBe(available(before) > 4n);
      }),
    );
  });
});
