import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aLevel, aWantedLine } from '../../test/samples.ts';
import { allocate } from './allocate.ts';
import type { HeldLine, Shortage, WantedLine } from './reservation.ts';
import { available, type StockLevel } from './stock.ts';

const inA = aLevel();
const inB = aLevel({ warehouseId: 'wh-b', warehouseCode: 'B', onHand: 20n });

describe('a line', () => {
  it('is served by the first warehouse, by code, that has enough', () => {
    expect(allocate([aWantedLine()], [inB, inA])).toMatchObject({ ok: true, lines: [{ warehouseId: 'wh-a' }] });
    expect(allocate([aWantedLine({ qty: 11n })], [inA, inB])).toMatchObject({ lines: [{ warehouseId: 'wh-b' }] });
  });

  it('that names a warehouse is served by that one or not at all', () => {
    expect(allocate([aWantedLine({ warehouseId: 'wh-b' })], [inA, inB])).toMatchObject({
      lines: [{ warehouseId: 'wh-b' }],
    });
    expect(allocate([aWantedLine({ qty: 11n, warehouseId: 'wh-a' })], [inA, inB])).toEqual({
      ok: false,
      shortages: [{ sku: 'BOLT', wanted: 11n, available: 10n }],
    });
  });

  it('is never split between warehouses', () => {
    expect(allocate([aWantedLine({ qty: 25n })], [inA, inB])).toEqual({
      ok: false,
      shortages: [{ sku: 'BOLT', wanted: 25n, available: 20n }],
    });
  });

  it('gets no stock that is reserved', () => {
    expect(allocate([aWantedLine({ qty: 3n })], [aLevel({ reserved: 8n })])).toMatchObject({
      shortages: [{ available: 2n }],
    });
  });

  it('of an item without stock is short of its whole quantity', () => {
    expect(allocate([aWantedLine({ sku: 'NUT' })], [inA])).toMatchObject({
      shortages: [{ sku: 'NUT', available: 0n }],
    });
  });
});

describe('the lines of an order', () => {
  it('that name a warehouse are served before those that do not', () => {
    const anywhere = aWantedLine({ lineId: 'anywhere', qty: 8n });
    const named = aWantedLine({ lineId: 'named', qty: 8n, warehouseId: 'wh-a' });
    expect(allocate([anywhere, named], [inA, inB])).toMatchObject({
      lines: [
        { lineId: 'anywhere', warehouseId: 'wh-b' },
        { lineId: 'named', warehouseId: 'wh-a' },
      ],
    });
  });

  it('are all served, or none of them is', () => {
    expect(allocate([aWantedLine(), aWantedLine({ lineId: 'line-2', qty: 21n })], [inA, inB])).toEqual({
      ok: false,
      shortages: [{ sku: 'BOLT', wanted: 21n, available: 20n }],
    });
  });
});

const warehouse = fc.constantFrom('A', 'B', 'C');
const sku = fc.constantFrom('BOLT', 'NUT');
const levels = fc.uniqueArray(
  fc
    .record({ sku, code: warehouse, onHand: fc.bigInt(0n, 30n), share: fc.bigInt(0n, 4n) })
    .map(({ code, share, ...level }) =>
      aLevel({ ...level, warehouseCode: code, warehouseId: code, reserved: (level.onHand * share) / 4n }),
    ),
  { selector: (level) => `${level.sku}:${level.warehouseId}` },
);
const wanted = fc
  .array(fc.record({ sku, qty: fc.bigInt(1n, 15n), warehouseId: fc.option(warehouse) }), { minLength: 1, maxLength: 6 })
  .map((lines) => lines.map((line, index) => ({ ...line, lineId: `line-${index}` })));

describe('for any order and any stock', () => {
  it('no balance gives more than it has free', () => {
    fc.assert(
      fc.property(wanted, levels, (lines, stock) => {
        for (const level of stock) expect(taken(allocate(lines, stock), level) <= available(level)).toBe(true);
      }),
    );
  });

  it('each line is held as ordered, or the order is short of something', () => {
    fc.assert(
      fc.property(wanted, levels, (lines, stock) => {
        const allocation = allocate(lines, stock);
        expect(allocation.ok ? unlike(lines, allocation.lines) : notShort(allocation.shortages)).toEqual([]);
        expect(allocation.ok || allocation.shortages.length > 0).toBe(true);
      }),
    );
  });

  it('the sequence in which balances are read makes no difference', () => {
    fc.assert(
      fc.property(wanted, levels, (lines, stock) => {
        expect(allocate(lines, stock.toReversed())).toEqual(allocate(lines, stock));
      }),
    );
  });
});

function taken(allocation: ReturnType<typeof allocate>, { sku, warehouseId }: StockLevel): bigint {
  const lines = allocation.ok ? allocation.lines : [];
  return lines
    .filter((line) => line.sku === sku && line.warehouseId === warehouseId)
    .reduce((sum, { qty }) => sum + qty, 0n);
}

/** The lines that are held in another way than they were ordered. */
function unlike(wantedLines: readonly WantedLine[], held: readonly HeldLine[]): readonly WantedLine[] {
  return wantedLines.filter((line, index) => {
    const found = held[index];
    return (
      found?.lineId !== line.lineId ||
      found.sku !== line.sku ||
      found.qty !== line.qty ||
      (line.warehouseId !== null && line.warehouseId !== found.warehouseId)
    );
  });
}

function notShort(shortages: readonly Shortage[]): readonly Shortage[] {
  return shortages.filter((shortage) => shortage.available >= shortage.wanted);
}
