import fc from 'fast-check';
import { sql } from 'slonik';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { projections } from '../src/projections/index.ts';
import type { AnyMessage } from '../src/projections/projection.ts';
import { idOf, Log, placeOf, play, type Course } from './histories.ts';
import { aMessage, micros } from './messages.ts';
import { reportingDatabase, type ReportingDatabase } from './reportingDatabase.ts';

let database: ReportingDatabase;
beforeAll(async () => {
  database = await reportingDatabase(`reporting_projections_${process.pid}`);
});
afterAll(() => database.close());

const tables = projections.flatMap((projection) => projection.tables);
const emptied = () => database.asOwner(`TRUNCATE ${tables.join(', ')}`);
beforeEach(emptied);

/** Applies a set as the handlers of Reporting do. */
const apply = (set: readonly AnyMessage[]) =>
  database.transaction(async (tx) => {
    for (const projection of projections) await projection.apply(set, tx);
  });

/** All rows of all tables, as texts. */
async function written(): Promise<Readonly<Record<string, unknown>>> {
  const contents: Record<string, unknown> = {};
  for (const table of tables) {
    const [row] = await database.asOwner(
      `SELECT coalesce(array_agg(t::text ORDER BY t::text COLLATE "C"), '{}') AS rows FROM ${table} AS t`,
    );
    contents[table] = row?.['rows'];
  }
  return contents;
}

const course: fc.Arbitrary<Course> = fc.record({
  lines: fc.integer({ min: 1, max: 3 }),
  currency: fc.constantFrom('EUR', 'JPY'),
  approval: fc.constantFrom('auto', 'asked', 'two steps', 'escalated', 'rejected', 'expired'),
  terms: fc.constantFrom('PREPAID', 'NET_30'),
  payment: fc.constantFrom('paid', 'declined first', 'failed', 'overpaid'),
  end: fc.constantFrom(
    'shortage',
    'hold expired',
    'held once more',
    'shipped',
    'shipped in parts',
    'cancelled',
    'cut short',
  ),
  returned: fc.boolean(),
});

/** The events of orders that go on side by side, in one sequence per topic and key. */
function historyOf(courses: readonly Course[]): readonly AnyMessage[] {
  const log = new Log();
  for (const [number, some] of courses.entries()) play(log, number, some);
  return log.messages;
}

/** Distributes events to partitions: those of one key are in one partition, in their sequence. */
function partitionsOf(messages: readonly AnyMessage[], perTopic: number): AnyMessage[][] {
  const partitionOf = (place: string) => place.charCodeAt(place.length - 1) % perTopic;
  const groups = Map.groupBy(messages, (message) => {
    const place = placeOf(message);
    return `${place.split(' ')[0]} ${partitionOf(place)}`;
  });
  return [...groups.values()];
}

describe('the projections', () => {
  it('write the same rows however topics are interleaved and events are cut into sets', async () => {
    const courses = fc.array(course, { minLength: 1, maxLength: 4 });
    const picks = fc.array(fc.record({ partition: fc.nat(), size: fc.integer({ min: 1, max: 12 }) }), {
      minLength: 20,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(courses, picks, fc.integer({ min: 1, max: 3 }), async (played, picked, perTopic) => {
        const messages = historyOf(played);
        await emptied();
        for (const partition of partitionsOf(messages, 1)) await apply(partition);
        const inOneSet = await written();

        await emptied();
        const partitions = partitionsOf(messages, perTopic);
        for (const { partition, size } of picked) {
          const left = partitions.filter(({ length }) => length > 0);
          const set = left[partition % left.length]?.splice(0, size);
          if (set) await apply(set);
        }
        for (const rest of partitions) await apply(rest);
        expect(await written()).toEqual(inOneSet);
      }),
      // stops shrinking early enough to show a failure
      { numRuns: 25, interruptAfterTimeLimit: 100_000 },
    );
  });

  it('accept every event that can be decoded, in any sequence and with any numbers', async () => {
    const extreme = fc.constantFrom(0n, -1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n));
    const changed = fc.option(extreme, { nil: undefined, freq: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(course, { minLength: 1, maxLength: 3 }),
        fc.array(fc.record({ pick: fc.nat(), changed }), { minLength: 1, maxLength: 80 }),
        async (played, picks) => {
          const messages = historyOf(played);
          const set = picks.flatMap(({ pick, changed }, index) => {
            const message = messages[pick % messages.length];
            if (!message) return [];
            const some = changed === undefined ? message : withNumbers(message, changed);
            return { ...some, meta: { ...some.meta, id: idOf('x', index) } };
          });
          await emptied();
          await expect(apply(set)).resolves.toBeUndefined();
        },
      ),
      { numRuns: 40, interruptAfterTimeLimit: 100_000 },
    );
  });

  it('continue a day after amounts that no service sends', async () => {
    const payment = { paymentId: idOf('p', 1), orderId: null, invoiceId: null, provider: 'psp', providerRef: '' };
    const paid = (amountMinor: bigint) =>
      aMessage('PaymentSucceeded', { ...payment, amount: { amountMinor, currency: 'EUR' }, succeededAt: micros() });
    await apply([paid(2n ** 63n - 1n), paid(2n ** 63n - 1n)]);
    await apply([paid(5n)]);
    expect(await database.asOwner('SELECT paid_minor FROM sales_day')).toEqual([
      { paid_minor: 2n * (2n ** 53n - 1n) + 5n },
    ]);
  });

  it('write rows in each of their tables', async () => {
    await apply(
      historyOf(
        (['shipped in parts', 'cut short', 'cancelled'] as const).map((end) => ({
          lines: 2,
          currency: 'EUR',
          approval: 'asked',
          terms: 'PREPAID',
          payment: 'overpaid',
          end,
          returned: true,
        })),
      ),
    );
    const contents = await written();
    expect(Object.entries(contents).filter(([table, rows]) => table !== 'held_line' && String(rows) === '')).toEqual(
      [],
    );
  });

  it('write rows in the sequence of their keys, so that transactions never deadlock', async () => {
    const at = (day: number) => micros(day * 24 * 60);
    const placed = (day: number) =>
      aMessage('OrderPlaced', {
        orderId: idOf('o', day),
        customerId: idOf('k', 1),
        requesterId: 'ops-1',
        lines: [],
        total: { amountMinor: 5n, currency: 'EUR' },
        digest: '',
        placedAt: at(day),
      });
    await apply([3, 1, 4, 2].map(placed));
    for (const [table, key] of [
      ['sales_day', 'day'],
      ['order_summary', 'order_id'],
    ])
      expect(await database.asOwner(`SELECT ${key} FROM ${table} ORDER BY ctid`)).toEqual(
        await database.asOwner(`SELECT ${key} FROM ${table} ORDER BY ${key}`),
      );
  });

  it('write the same rows when partitions are read at the same time', async () => {
    const messages = historyOf(
      Array.from({ length: 12 }, (_, index) => ({
        lines: 2,
        currency: index % 2 === 0 ? 'EUR' : 'JPY',
        approval: 'auto',
        terms: 'PREPAID',
        payment: 'paid',
        end: 'cancelled',
        returned: false,
      })),
    );
    await Promise.all(partitionsOf(messages, 3).map(apply));
    const together = await written();
    await emptied();
    for (const partition of partitionsOf(messages, 3)) await apply(partition);
    expect(together).toEqual(await written());
  });

  it('find an order by an id in upper case, also in one set with its id in lower case', async () => {
    const orderId = idOf('o', 10);
    const placed = (id: string) =>
      aMessage('OrderPlaced', {
        orderId: id,
        customerId: orderId,
        requesterId: 'ops-1',
        lines: [],
        total: { amountMinor: 5n, currency: 'EUR' },
        digest: '',
        placedAt: micros(),
      });
    const cancelled = (id: string) =>
      aMessage('OrderCancelled', { orderId: id, orderVersion: 2n, reason: 'REQUESTED' }, { id: `event ${id}` });
    await apply([placed(orderId), cancelled(orderId.toUpperCase())]);
    expect(await database.asOwner('SELECT state FROM order_summary')).toEqual([{ state: 'CANCELLED' }]);
    expect(await database.asOwner('SELECT cancelled_minor FROM sales_day')).toEqual([{ cancelled_minor: 5n }]);
  });

  it('store texts as they are', async () => {
    const name = `O'Brien, "quoted" \\ {a,b} NULL €`;
    const data = { sku: name, name, baseUnit: '', version: 1n, changedAt: micros() };
    await apply([aMessage('ItemChanged', data)]);
    await apply([aMessage('ItemChanged', { ...data, baseUnit: 'piece' })]);
    expect(await database.asOwner('SELECT * FROM item')).toEqual([{ sku: name, name, base_unit: 'piece' }]);
    const [sku, orderId] = [name, idOf('o', 1)];
    const line = { lineId: idOf('l', 1), sku, qty: 1n, warehouseId: null };
    const order = { orderId, customerId: orderId, requesterId: name, lines: [line], digest: '', placedAt: micros() };
    await apply([aMessage('OrderPlaced', { ...order, total: { amountMinor: 5n, currency: 'EUR' } })]);
    expect(await database.asOwner('SELECT skus, requester_id FROM order_summary')).toEqual([
      { skus: [sku], requester_id: name },
    ]);
    expect(await database.asOwner(`SELECT data #>> '{lines,0,sku}' AS sku FROM timeline_entry`)).toEqual([{ sku }]);
  });

  it('find their rows by an index, also by a plan that was made while the tables were empty', async () => {
    const some = { lines: 2, currency: 'EUR', approval: 'asked', terms: 'PREPAID', payment: 'overpaid' } as const;
    const messages = historyOf(
      Array.from({ length: 40 }, (_, index) => ({
        ...some,
        end: index % 2 === 0 ? 'shipped' : 'cut short',
        returned: true,
      })),
    );
    // after five executions on one connection, the plan is kept
    for (const set of partitionsOf(messages, 1).flatMap((all) => chunksOf(all, Math.ceil(all.length / 8))))
      await apply(set);
    const scanned = await database.transaction(async (tx) => {
      for (const set of partitionsOf(messages, 1))
        for (const projection of projections) await projection.apply(set, tx);
      return slonikOf(tx).any(sql.prepared('test.scanned', rows<{ readonly relname: string }>())`
        SELECT relname::text FROM pg_stat_xact_user_tables WHERE seq_scan > 0`);
    });
    expect(scanned).toEqual([]);
  });
});

/** The event with this number in place of each whole number in its payload. */
function withNumbers<Message extends AnyMessage>(message: Message, number: bigint): Message {
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'bigint') return number;
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaced(member)]));
  };
  return { ...message, data: replaced(message.data) };
}

function chunksOf<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
