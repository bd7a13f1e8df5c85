import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pgOrderStore as orders } from '../src/adapters/pgOrderStore.ts';
import { ordersDatabase, type OrdersDatabase } from './ordersDatabase.ts';
import { allReserved, stockReserved } from './saga.ts';
import { inEveryState } from './samples.ts';

const { DRAFT, PLACED } = inEveryState();
let database: OrdersDatabase;

beforeAll(async () => {
  database = await ordersDatabase(`orders_sets_${process.pid}`);
});
afterAll(() => database.close());
afterEach(() => database.forget());

describe('orders whose stock is reserved in one set', () => {
  const reserved = (...orderIds: readonly string[]) =>
    allReserved(
      orders,
      (work) => database.transaction(work),
      orderIds.map((orderId) => stockReserved(orderId, { reservationId: orderId })),
    );
  /** Stores a placed order like that of the samples. */
  const another = async (): Promise<string> => {
    const orderId = randomUUID();
    const { terms } = DRAFT;
    const other = { ...terms, orderId, lines: terms.lines.map((line) => ({ ...line, lineId: randomUUID() })) };
    await database.transaction(async (tx) => {
      await orders.insert(tx, { ...DRAFT, terms: other });
      await orders.save(tx, { ...PLACED, terms: other });
    });
    return orderId;
  };
  const read = (orderId: string) => database.read((session) => orders.read(session, orderId));

  it('go on together, each with its own reservation and event', async () => {
    const ids = [await another(), await another(), await another()];
    const answers = await reserved(...ids);
    expect(answers.map(({ events }) => events.map(({ data }) => data.orderId))).toEqual(ids.map((id) => [id]));
    for (const reservationId of ids) {
      expect(await read(reservationId)).toMatchObject({
        state: 'AWAITING_APPROVAL',
        version: 3n,
        reservation: { reservationId },
      });
    }
  });

  it('go on once, also if one is reserved twice in the set', async () => {
    const [known, twice] = [await another(), await another()];
    await reserved(known);
    const [first, second, third] = await reserved(known, twice, twice);
    expect(first).toEqual({ events: [], noop: 'AWAITING_APPROVAL' });
    expect(second?.events).toHaveLength(1);
    expect(third).toEqual({ events: [], noop: 'AWAITING_APPROVAL' });
    expect(await read(twice)).toMatchObject({ version: 3n });
  });

  it('all stay as they are if one is unknown', async () => {
    const orderId = await another();
    await expect(reserved(orderId, randomUUID())).rejects.toThrow('which was never placed here');
    expect(await read(orderId)).toMatchObject({ state: 'PLACED' });
  });
});
