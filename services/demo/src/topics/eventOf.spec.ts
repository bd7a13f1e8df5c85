import { describe, expect, it } from 'vitest';
import { CONTRACTS } from '../system/contracts.ts';
import { eventOf } from './eventOf.ts';
import type { SeenRecord } from './recordFeed.ts';

const DATA = { sku: 'BOLT', name: 'A bolt', baseUnit: 'C62', version: 1n, changedAt: 0n };

function recordOf(type: string): SeenRecord {
  const message = CONTRACTS.flatMap(({ messages }) => messages).find(({ name }) => name === 'ItemChanged');
  if (message === undefined) throw new Error('Inventory has no ItemChanged');
  const headers = {
    ce_type: type,
    ce_id: 'e-1',
    ce_source: 'inventory',
    ce_time: '2026-11-24T09:30:00.000Z',
    ce_correlationid: 'c-1',
    ce_sequence: '1',
  };
  const value = Buffer.concat([Buffer.alloc(5), message.codec.encode(DATA)]);
  return { topic: message.topic, partition: 0, offset: 0n, key: 'BOLT', value, headers };
}

describe('eventOf', () => {
  it('decodes a record', () => {
    expect(eventOf(recordOf('atlas.inventory.ItemChanged'))).toMatchObject({
      name: 'ItemChanged',
      key: 'BOLT',
      data: DATA,
    });
  });

  it('decodes the same record once', () => {
    const record = recordOf('atlas.inventory.ItemChanged');
    expect(eventOf(record)).toBe(eventOf(record));
  });

  it('throws if no contract has the event', () => {
    expect(() => eventOf(recordOf('atlas.inventory.Nothing'))).toThrow('is not an event of the contracts');
  });
});
