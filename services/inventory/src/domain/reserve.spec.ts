import { describe, expect, it } from 'vitest';
import { NOW, ORDER_ID, RESERVATION_ID, aHeld, aLevel, aShortage, aWantedLine } from '../../test/samples.ts';
import { reserve, reserveAll, type Wanted } from './reserve.ts';
import type { StockLevel } from './stock.ts';

const order = { orderId: ORDER_ID, lines: [aWantedLine()] };
const terms = { newId: () => RESERVATION_ID, now: NOW, holdSeconds: 7 * 86_400 };

describe('a placed order', () => {
  it('that can be served is held for a week', () => {
    expect(reserve(order, [aLevel()], terms)).toEqual(aHeld());
  });

  it('that cannot be served fails with what is short', () => {
    expect(reserve(order, [], terms)).toEqual({
      state: 'FAILED',
      reservationId: RESERVATION_ID,
      orderId: ORDER_ID,
      version: 1n,
      shortages: [aShortage],
    });
  });
});

describe('placed orders of one set', () => {
  const answersTo = (orders: readonly Wanted[], levels: readonly StockLevel[]) =>
    reserveAll(orders, { answered: new Map([['order-9', 'RELEASED']]), levels }, terms);
  const reserved = (orders: readonly Wanted[], levels: readonly StockLevel[]) =>
    answersTo(orders, levels).map((answer) => {
      if ('noop' in answer) return answer.noop;
      const { reservation } = answer;
      return reservation.state === 'HELD'
        ? reservation.lines.map(({ warehouseId }) => warehouseId)
        : reservation.shortages;
    });
  const wanting = (...quantities: readonly bigint[]) =>
    quantities.map((qty, index) => ({ orderId: `order-${index}`, lines: [aWantedLine({ qty })] }));

  it('see what those before them hold, and not what those want that failed', () => {
    expect(reserved(wanting(6n, 5n, 4n, 1n), [aLevel()])).toEqual([
      ['wh-a'],
      [{ sku: 'BOLT', wanted: 5n, available: 4n }],
      ['wh-a'],
      [{ sku: 'BOLT', wanted: 1n, available: 0n }],
    ]);
  });

  it('go on to the next warehouse when one is empty', () => {
    const levels = [aLevel(), aLevel({ warehouseId: 'wh-b', warehouseCode: 'B' })];
    expect(reserved(wanting(7n, 7n, 3n, 3n), levels)).toEqual([['wh-a'], ['wh-b'], ['wh-a'], ['wh-b']]);
  });

  it('do not touch the balances of items that they do not name', () => {
    const orders = [
      { orderId: 'order-1', lines: [aWantedLine({ qty: 10n })] },
      { orderId: 'order-2', lines: [aWantedLine({ sku: 'NUT', qty: 10n })] },
    ];
    expect(reserved(orders, [aLevel(), aLevel({ sku: 'NUT' })])).toEqual([['wh-a'], ['wh-a']]);
  });

  it('reach a reorder point once', () => {
    const answers = answersTo(wanting(4n, 1n, 1n, 1n), [aLevel({ reorderPoint: 5n })]);
    expect(answers.map((answer) => ('noop' in answer ? answer : answer.reached))).toEqual([
      [],
      [{ sku: 'BOLT', warehouseId: 'wh-a', reorderPoint: 5n, free: 5n }],
      [],
      [],
    ]);
  });

  it('are answered once, also if two events of the set place the same order', () => {
    const orders = ['order-9', 'order-1', 'order-1'].map((orderId) => ({ orderId, lines: [aWantedLine({ qty: 6n })] }));
    expect(reserved(orders, [aLevel()])).toEqual(['RELEASED', ['wh-a'], 'HELD']);
  });
});
