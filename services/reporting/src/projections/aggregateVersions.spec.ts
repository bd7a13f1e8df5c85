import { describe, expect, it } from 'vitest';
import { aMessage, ORDER, OTHER } from '../../test/messages.ts';
import { versionsOf } from './aggregateVersions.ts';

const moved = (sequence: bigint | undefined, sku = 'A,1') =>
  aMessage(
    'StockMoved',
    { movementId: OTHER, sku, warehouseId: OTHER, kind: 'RECEIPT', delta: 1n, onHandAfter: 1n, reservedAfter: 0n },
    { sequence, topic: 'test.atlas.inventory.stock.v1' },
  );
const released = aMessage('OrderReleased', { orderId: ORDER, orderVersion: 1n, releasedAt: 1n }, { sequence: 7n });

describe('the versions of aggregates', () => {
  it('are the last sequence of each key, as Atlas-Version has them', () => {
    expect(versionsOf([moved(1n), released, moved(2n), moved(3n, 'B')])).toEqual([
      { kind: 'stock', key: `A%2C1%3A${OTHER}`, sequence: 2n },
      { kind: 'order', key: ORDER, sequence: 7n },
      { kind: 'stock', key: `B%3A${OTHER}`, sequence: 3n },
    ]);
  });

  it('are unknown for a producer that does not number its events', () => {
    expect(versionsOf([moved(undefined)])).toEqual([]);
  });
});
