import { describe, expect, it } from 'vitest';
import { PIECES, newWorld, stepsFrom, type World } from '../../test/world.ts';
import { aDraft, aLine } from '../../test/samples.ts';
import type { PaymentTerms } from '../domain/order.ts';
import { progressOf } from '../domain/quantities.ts';

/** A text that differs between different worlds. */
function keyOf({ order, ...rest }: World): string {
  const progress = progressOf(order).map(({ shipped }) => shipped);
  const paid = 'invoice' in order && order.invoice?.paidAt !== undefined;
  const facts = [order.state, progress, paid, 'invoice' in order && order.invoice !== undefined, rest];
  return JSON.stringify(facts, (key, value: unknown) => {
    if (key === 'data') return undefined;
    return typeof value === 'bigint' ? String(value) : value;
  });
}

/** The faults of a world in which nothing more has to happen. */
function wrongAtRest({ order, reservation, shipped, bill, captured, refunded }: World): readonly string[] {
  const recorded = progressOf(order).reduce((sum, line) => sum + line.shipped, 0n);
  const cancelled = order.state === 'CANCELLED';
  const waits = ['READY', 'PARTIALLY_FULFILLED'].includes(order.state);
  const rules: Readonly<Record<string, boolean>> = {
    'the order has ended, or waits for a shipment': cancelled || order.state === 'FULFILLED' || waits,
    'stock is held for an order that waits for a shipment, and for no other': (reservation === 'COMMITTED') === waits,
    'what left is recorded': recorded === shipped,
    'nothing of a cancelled order left': !cancelled || shipped === 0n,
    'something of a fulfilled order left': order.state !== 'FULFILLED' || shipped > 0n,
    'money for a cancelled order is given back': !cancelled || captured === refunded,
    'the invoice of a cancelled order is credited': !cancelled || bill === 'NONE' || bill === 'CREDITED',
    'an order that was not cancelled is not credited': cancelled || bill !== 'CREDITED',
  };
  return Object.keys(rules).filter((rule) => rules[rule] === false);
}

/** Visits every world that can follow. Returns each fault with the steps that lead to it. */
async function explore(start: World) {
  const seen = new Map([[keyOf(start), '']]);
  const wrong = new Map<string, string>();
  const ends = new Set<string>();
  let frontier: readonly (readonly [World, string])[] = [[start, '']];
  while (frontier.length > 0) {
    const next: (readonly [World, string])[] = [];
    for (const [world, way] of frontier) {
      const steps = stepsFrom(world);
      if (steps.every(({ optional }) => optional)) {
        ends.add(world.order.state);
        for (const rule of wrongAtRest(world)) if (!wrong.has(rule)) wrong.set(rule, way);
      }
      for (const { name, take } of steps) {
        const after = await take();
        const key = keyOf(after);
        if (seen.has(key)) continue;
        seen.set(key, name);
        next.push([after, `${way} › ${name}`]);
      }
    }
    frontier = next;
  }
  return { wrong: Object.fromEntries(wrong), ends: [...ends].toSorted() };
}

describe('every interleaving of one order, its buyer, a rival, expiry, approval, payment and shipments', () => {
  it.each<PaymentTerms>(['PREPAID', 'NET_30'])('ends consistently in all services with %s', async (payment) => {
    const order = aDraft({ payment, lines: [aLine({ qty: PIECES })] });
    const { wrong, ends } = await explore(newWorld(order));
    expect(wrong).toEqual({});
    expect(ends).toEqual(['CANCELLED', 'FULFILLED', 'PARTIALLY_FULFILLED', 'READY']);
  });
});
