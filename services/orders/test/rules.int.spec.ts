import { sql, type QuerySqlToken } from 'slonik';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slonikOf } from '@atlas/runtime/slonik';
import { pgOrderStore as orders } from '../src/adapters/pgOrderStore.ts';
import { evolve } from '../src/domain/evolve.ts';
import { ordersDatabase, type OrdersDatabase } from './ordersDatabase.ts';
import { inEveryState, invoice, ORDER_ID } from './samples.ts';

let database: OrdersDatabase;

beforeAll(async () => {
  database = await ordersDatabase(`orders_rules_${process.pid}`);
});
afterAll(() => database.close());

const { DRAFT, PLACED, AWAITING_APPROVAL, AWAITING_PAYMENT, READY } = inEveryState();
const STEPS = {
  DRAFT: [],
  PLACED: [PLACED],
  READY: [PLACED, AWAITING_APPROVAL, AWAITING_PAYMENT, evolve.withInvoice(AWAITING_PAYMENT, invoice), READY],
} as const;

/** Writes an order up to this state, changes it, and rolls everything back. */
function changed(from: keyof typeof STEPS, change: QuerySqlToken): Promise<unknown> {
  return database.transaction(async (tx) => {
    await orders.insert(tx, DRAFT);
    for (const step of STEPS[from]) await orders.save(tx, step);
    await slonikOf(tx).query(change);
    throw new Error('the database has accepted it');
  });
}

describe('the database refuses an order that breaks the rule', () => {
  it.each([
    ['orders_requester_id_check', 'DRAFT', sql.unsafe`UPDATE orders SET requester_id = ''`],
    ['orders_currency_check', 'DRAFT', sql.unsafe`UPDATE orders SET currency = 'eur'`],
    ['orders_tax_rate_basis_points_check', 'DRAFT', sql.unsafe`UPDATE orders SET tax_rate_basis_points = 10001`],
    ['orders_net_check', 'DRAFT', sql.unsafe`UPDATE orders SET net = -1, total = tax - 1`],
    ['orders_tax_check', 'DRAFT', sql.unsafe`UPDATE orders SET tax = -1, total = net - 1`],
    [
      'orders_total_check',
      'DRAFT',
      sql.unsafe`UPDATE orders SET net = 9007199254740992, tax = 0, total = 9007199254740992`,
    ],
    ['total_is_lines_and_tax', 'DRAFT', sql.unsafe`UPDATE orders SET total = total + 1`],
    ['payment_terms_known', 'DRAFT', sql.unsafe`UPDATE orders SET payment_terms = 'NET_31'`],
    ['orders_digest_check', 'PLACED', sql.unsafe`UPDATE orders SET digest = 'A'`],
    ['invoice_number_shown', 'READY', sql.unsafe`UPDATE orders SET invoice_number = ''`],
    ['state_known', 'PLACED', sql.unsafe`UPDATE orders SET state = 'LOST'`],
    [
      'cancelled_for_known_reason',
      'PLACED',
      sql.unsafe`UPDATE orders SET state = 'CANCELLED', cancelled_at = now(), cancellation_reason = 'BORED'`,
    ],
    ['cancelled_for_a_reason', 'PLACED', sql.unsafe`UPDATE orders SET state = 'CANCELLED'`],
    ['placed_unless_draft', 'DRAFT', sql.unsafe`UPDATE orders SET placed_at = now()`],
    ['reserved_beyond_placed', 'PLACED', sql.unsafe`UPDATE orders SET state = 'AWAITING_APPROVAL'`],
    ['approved_before_payment', 'READY', sql.unsafe`UPDATE orders SET approval_auto = NULL`],
    ['released_with_invoice', 'READY', sql.unsafe`UPDATE orders SET invoice_id = NULL`],
    ['requested_by_somebody', 'READY', sql.unsafe`UPDATE orders SET cancel_requested_by = 'ops-1'`],
    ['version_rises_by_one', 'PLACED', sql.unsafe`UPDATE orders SET version = version + 2`],
    ['version_rises_by_one', 'PLACED', sql.unsafe`UPDATE orders SET version = version`],
  ] as const)('%s (%s)', async (constraint, from, change) => {
    await expect(changed(from, change)).rejects.toMatchObject({ constraint });
    expect(await database.read((read) => orders.read(read, ORDER_ID))).toBeUndefined();
  });

  it('orders_version_check', async () => {
    const first = database.transaction((tx) => orders.insert(tx, { ...DRAFT, version: 0n }));
    await expect(first).rejects.toMatchObject({ constraint: 'orders_version_check' });
    expect(await database.read((read) => orders.read(read, ORDER_ID))).toBeUndefined();
  });
});
