import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '@atlas/generated-orders';
import { runMigrations } from '@atlas/runtime/migrate';
import { readOf, slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import { cloneDatabase, dropDatabase, readStack, type DatabaseUrls } from '@atlas/stack';
import { pgOrderStore as orders } from '../src/adapters/pgOrderStore.ts';
import { saga } from './saga.ts';
import { NOW, placement, reservation } from './samples.ts';

const migrations = new URL('../migrations/', import.meta.url);
const stack = readStack();
if (!stack) throw new Error('no stack is up: run `make up` first');
const name = `orders_migrating_${process.pid}`;
const { reservationId, expiresAt } = reservation;

/** What the release before the saga wrote, in each of its states. */
const OLD = {
  DRAFT: {},
  PLACED: { placed: true },
  AWAITING_APPROVAL: { placed: true, reserved: true },
  CANCELLED: { placed: true, cancelled: true },
} as const satisfies Readonly<Record<string, Old>>;

interface Old {
  readonly placed?: boolean;
  readonly reserved?: boolean;
  readonly cancelled?: boolean;
}

let urls: DatabaseUrls;
let store: ReturnType<typeof slonikStore>;
const ids = new Map(Object.keys(OLD).map((state) => [state, randomUUID()]));

beforeAll(async () => {
  urls = await cloneDatabase(stack, 'orders', name, { template: 'template1', replace: true });
  const before = await mkdtemp(join(tmpdir(), 'orders-'));
  for (const file of ['0001_orders.sql', '0002_expiry.sql']) await cp(new URL(file, migrations), join(before, file));
  await runMigrations({ contract, ownerUrl: urls.ownerUrl, migrations: pathToFileURL(`${before}/`) });
  await rm(before, { recursive: true });
  store = slonikStore(urls.appUrl);
  await store.transaction(async (session) => {
    for (const [state, old] of Object.entries<Old>(OLD)) await insertOld(slonikOf(txOf(session)), state, old);
  });
  await runMigrations({ contract, ownerUrl: urls.ownerUrl, migrations });
});
afterAll(async () => {
  await store.close();
  await dropDatabase(stack, name);
});

async function insertOld(db: ReturnType<typeof slonikOf>, state: string, { placed, reserved, cancelled }: Old) {
  const id = ids.get(state) ?? '';
  const at = NOW.toISOString();
  await db.query(sql.unsafe`
    INSERT INTO orders (order_id, version, state, customer_id, requester_id, currency, tax_rate_basis_points, net, tax,
      total, created_at, placed_at, digest, reservation_id, reservation_expires_at, cancellation_reason, cancelled_at)
    VALUES (${id}, 3, ${state}, ${randomUUID()}, 'ops-1', 'EUR', 1900, 100, 19, 119, ${at}, ${placed ? at : null},
      ${placed ? placement.digest : null}, ${reserved ? reservationId : null},
      ${reserved ? expiresAt.toISOString() : null}, ${cancelled ? 'RESERVATION_EXPIRED' : null},
      ${cancelled ? at : null})`);
  await db.query(sql.unsafe`
    INSERT INTO order_line (order_id, position, line_id, sku, qty, unit_price, unit_price_digits, net, tax)
    VALUES (${id}, 1, ${randomUUID()}, 'BOLT-M8', 1, 100, 2, 100, 19)`);
}

const read = (state: keyof typeof OLD) => store.read((session) => orders.read(readOf(session), ids.get(state) ?? ''));
const about = (state: keyof typeof OLD) =>
  saga(orders, (work) => store.transaction((session) => work(txOf(session))), ids.get(state) ?? '');

describe('an order that the release before the saga wrote', () => {
  it.each(['DRAFT', 'PLACED', 'AWAITING_APPROVAL', 'CANCELLED'] as const)('is read in %s as prepaid', async (state) => {
    expect(await read(state)).toMatchObject({ state, version: 3n, since: NOW, terms: { payment: 'PREPAID' } });
  });

  it('goes on: a draft is changed and placed, a placed one is reserved, an approved one is confirmed', async () => {
    expect(await about('DRAFT').update({ terms: 'NET_30' }, { ifMatch: 3n })).toMatchObject({ status: 200 });
    expect(await about('DRAFT').place(4n)).toMatchObject({ status: 200 });
    expect(await about('PLACED').reserved()).toMatchObject({ events: [{ type: 'OrderReserved' }] });
    expect(await about('AWAITING_APPROVAL').granted({ subjectVersion: 3n, digest: placement.digest })).toMatchObject({
      events: [{ type: 'OrderConfirmed' }],
    });
    expect(await about('CANCELLED').paid()).toEqual({ events: [], noop: 'CANCELLED' });
  });
});
