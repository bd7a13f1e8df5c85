import { contract } from '@atlas/generated-reporting';
import type { Tx } from '@atlas/runtime';
import { describe, expect, it } from 'vitest';
import { aMessage, ORDER } from '../test/messages.ts';
import { consumersOf } from './consumers.ts';
import type { AnyMessage, Projection } from './projections/projection.ts';

// cast: no projection of this test has a table
const tx = {} as Tx;
const ctx = { now: new Date(0), newId: () => ORDER };
const released = aMessage('OrderReleased', { orderId: ORDER, orderVersion: 1n, releasedAt: 0n });

describe('the consumers of Reporting', () => {
  it('are one per topic', () => {
    expect(Object.keys(consumersOf([])).sort()).toEqual(
      [...new Set(contract.consumers.map(({ name }) => name))].sort(),
    );
  });

  it('give a set to all projections, one after the other, and answer each message with no event', async () => {
    const applied: [string, readonly AnyMessage[]][] = [];
    const named = (name: string): Projection => ({
      name,
      version: 1,
      tables: [],
      apply: async (messages) => {
        await Promise.resolve();
        applied.push([name, messages]);
      },
    });
    const { projectOrders } = consumersOf([named('first'), named('second')]);
    // cast: the event is one of the orders topic
    const messages = [released, released] as Parameters<typeof projectOrders>[0]['messages'];
    expect(await projectOrders({ messages, ctx }, tx)).toEqual([{ events: [] }, { events: [] }]);
    expect(applied).toEqual([
      ['first', messages],
      ['second', messages],
    ]);
  });
});
