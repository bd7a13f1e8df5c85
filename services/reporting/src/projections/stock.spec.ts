import { describe, expect, it } from 'vitest';
import { aMessage, OTHER } from '../../test/messages.ts';
import type { AnyMessage } from './projection.ts';
import { levels, type StockLevelRow } from './stock.ts';

const moved = (onHandAfter: bigint) =>
  aMessage('StockMoved', {
    movementId: OTHER,
    sku: 'A',
    warehouseId: OTHER,
    kind: 'UNSPECIFIED',
    delta: 1n,
    onHandAfter,
    reservedAfter: 0n,
  });
const reached = aMessage('ReorderPointReached', { sku: 'A', warehouseId: OTHER, reorderPoint: 10n, free: 7n });

const after = (...messages: readonly AnyMessage[]) =>
  messages.reduce<StockLevelRow | undefined>(levels.fold, undefined);

describe('a stock level', () => {
  it.each([
    ['what was there after the last movement', [moved(5n), moved(9n)], 9n, null],
    ['known together with the reorder point', [moved(5n), reached], 5n, 10n],
    ['known after the reorder point was reached', [reached, moved(4n)], 4n, 10n],
    ['at least what is free', [reached], 7n, 10n],
  ] as const)('is %s', (_, messages, on_hand, reorder_point) => {
    expect(after(...messages)).toEqual({ sku: 'A', warehouse_id: OTHER, on_hand, reorder_point });
  });
});
