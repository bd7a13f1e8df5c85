import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TestDatabase } from '../testDatabase.ts';
import { boxOffice, SALES } from './tickets.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let database: TestDatabase;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  database = await world.database();
});

const sold = (showId: string, seat: number) => ({ type: 'SeatSold', data: { showId, seat } });

describe('a relay', () => {
  it('publishes what was committed, in order per key, with its envelope, and empties the outbox', async () => {
    const office = await world.start({ contract: boxOffice, database });
    const [id] = await world.commit(database, [sold('a', 1), sold('b', 1), sold('a', 2)]);
    office.messaging.wake();
    const records = await world.records(SALES, 3);
    expect(
      records.filter(({ key }) => key?.toString() === 'a').map(({ headers }) => String(headers?.['ce_sequence'])),
    ).toEqual(['1', '2']);
    const first = records.find(({ headers }) => String(headers?.['ce_id']) === id);
    expect(
      Object.fromEntries(Object.entries(first?.headers ?? {}).map(([name, value]) => [name, String(value)])),
    ).toEqual({
      'content-type': 'application/vnd.apache.avro',
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: 'boxoffice',
      ce_type: 'tickets.boxoffice.SeatSold',
      ce_time: expect.stringMatching(/^20.*Z$/),
      ce_correlationid: 'correlation-1',
      ce_sequence: '1',
      ce_actorid: 'kim',
    });
    expect(first?.value?.[0]).toBe(0);
    await vi.waitFor(async () => expect(await database.query('SELECT FROM atlas_outbox')).toEqual([]));
  });
});
