import { describe, expect, it } from 'vitest';
import { onSeatSold } from '../../test/messaging/tickets.ts';
import { contract } from '../../test/timers/reminders.ts';
import type { FollowUps } from '../contract/service.ts';
import { receivedOf } from '../record/headers.ts';
import { deliveryOf } from './delivery.ts';
import { runHandler } from './handling.ts';

const at = new Date('2030-01-01T00:00:00Z');
const ctx = { now: at, newId: () => 'id', actor: { id: 'kim', roles: [] }, correlationId: 'c' };

/** How many statements write what a handler asks for as the answers to a set of three messages. */
async function statements(...asked: readonly FollowUps[]): Promise<number> {
  const handle = async () => asked.map((one) => ({ events: [], ...one }));
  const consumer = { contract: { ...onSeatSold, batch: { max: 3 } }, handle };
  const [first, ...others] = asked.map((_, n) => {
    const record = {
      topic: 't',
      partition: 0,
      offset: BigInt(n),
      key: null,
      value: null,
      headers: {},
      timestamp: at,
    };
    return { delivery: deliveryOf(record, receivedOf(record), consumer), data: {}, attempt: 1 };
  });
  if (!first) throw new Error('a set has at least one message');
  const session = { query: () => Promise.reject(new Error('not used')) };
  // cast: the handler does not use its transaction
  const options = { contract, txOf: () => session as never, handlerMs: 1_000 };
  const { before } = await runHandler(options, session, [first, ...others], ctx);
  return before.length;
}

describe('what a handler asks for as the answer to a set', () => {
  const timer = (seat: string): FollowUps => ({ timers: [{ set: 'holdExpiry', key: seat, at, data: { seat } }] });
  const effect = (seat: string): FollowUps => ({
    effects: [{ start: 'chargeCard', key: seat, data: { seat, cents: 1 } }],
  });

  it('is written by no statement if it is nothing', async () => {
    expect(await statements({}, {}, {})).toBe(0);
  });

  it('is written by one statement if it is timers', async () => {
    expect(await statements(timer('a'), { timers: [{ cancel: 'holdExpiry', key: 'b' }] }, timer('c'))).toBe(1);
  });

  it('is written by a statement per message if there are effects, because only the first one of a key starts', async () => {
    expect(await statements(effect('a'), timer('b'), effect('a'))).toBe(3);
  });
});
