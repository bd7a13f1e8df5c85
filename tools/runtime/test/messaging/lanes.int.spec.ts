import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partitionOf } from '../../src/record/murmur2.ts';
import { openHall, openOffice, sold, until, watched, type Halls } from './hall.ts';

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

beforeAll(async () => {
  shared = await openOffice();
});
afterAll(() => shared.world.stop());
beforeEach(async () => {
  halls = await openHall(shared);
});
afterEach(() => halls.close());

/** `count` keys of one partition. */
function keys(name: string, count: number): readonly string[] {
  const found: string[] = [];
  for (let n = 0; found.length < count; n++) {
    const key = `${name}-${n}`;
    if (partitionOf(Buffer.from(key), 3, 0n) === 0) found.push(key);
  }
  return found;
}

describe('events of one partition', () => {
  it('run side by side if they have different keys, and in order if they have the same', async () => {
    const [slow = '', ...others] = keys('side', 3);
    const go = Promise.withResolvers<void>();
    const { handle, calls } = watched(async ({ showId, seat }) => {
      if (showId === slow && seat === 1) await go.promise;
    });
    // sold in one commit, so that they are in one batch
    await halls.sell(sold(slow, 1), sold(slow, 2), ...others.map((key) => sold(key, 1)));
    const first = await halls.open({ handle });
    for (const key of others) await until(async () => expect(await halls.seats(key)).toEqual([1]));
    expect(await halls.seats(slow)).toEqual([]);
    expect(calls.filter(({ showId }) => showId === slow)).toHaveLength(1);
    go.resolve();
    await until(async () => expect(await halls.seats(slow)).toEqual([1, 2]));
    await first.stop();
    const second = await halls.open();
    await halls.sell(sold(slow, 3));
    await until(async () => expect(await halls.seats(slow)).toEqual([1, 2, 3]));
    expect(await second.metric('atlas_inbox_duplicate_total')).toBe(0);
  });

  it('run side by side, at most four of them', async () => {
    let running = 0;
    const together: number[] = [];
    const { handle } = watched(async () => {
      together.push((running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    const many = keys('many', 40);
    await halls.sell(...many.map((key) => sold(key, 1)));
    await halls.open({ handle });
    const SOLD = 'SELECT FROM effect WHERE show_id = ANY ($1)';
    await until(async () => expect(await halls.query(SOLD, [many])).toHaveLength(many.length));
    expect(Math.max(...together)).toBeLessThanOrEqual(4);
  });

  it('that are done before an earlier one are read again by the next member, and are applied once', async () => {
    const [stuck = '', ...others] = keys('stuck', 3);
    const begun = Promise.withResolvers<void>();
    const never = Promise.withResolvers<void>();
    const { handle } = watched(async ({ showId }) => {
      if (showId !== stuck) return;
      begun.resolve();
      await never.promise;
    });
    await halls.sell(sold(stuck, 1), ...others.map((key) => sold(key, 1)));
    const first = await halls.open({ handle });
    await begun.promise;
    for (const key of others) await until(async () => expect(await halls.seats(key)).toEqual([1]));
    const stopping = first.stop();
    never.reject(new Error('not before the stop'));
    await stopping;
    const second = await halls.open();
    await until(async () => expect(await halls.seats(stuck)).toEqual([1]));
    for (const key of others) expect(await halls.seats(key)).toEqual([1]);
    await until(async () => expect(await second.metric('atlas_inbox_duplicate_total')).toBe(others.length));
  });
});
