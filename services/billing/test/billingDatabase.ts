import { deepEqual } from 'node:assert/strict';
import { sql } from 'slonik';
import { contract } from '@atlas/generated-billing';
import type { Read, Tx } from '@atlas/runtime';
import { runMigrations } from '@atlas/runtime/migrate';
import { readOf, rows, slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import { cloneDatabase, dropDatabase, readStack } from '@atlas/stack';

/** The figures that must be zero in every committed state. */
interface Sums {
  /** Journals whose debits and credits differ, or with fewer than two lines. */
  readonly unbalanced: bigint;
  /** The account AR, minus the open amounts of all invoices. */
  readonly receivable: bigint;
  /** The account CUSTOMER_CREDIT, minus the credit of all payments and their refunds that are not paid back yet. */
  readonly credit: bigint;
  /** The account DEFERRED_REVENUE, minus the deferred amounts of all lines. */
  readonly deferred: bigint;
  /** What payments pay, minus what is applied to invoices. */
  readonly applied: bigint;
  /** The refunds that were not rejected, minus the refunded amounts of payments. */
  readonly refunded: bigint;
  /** Numbers that are missing in their series. */
  readonly gaps: bigint;
}

const IN_ORDER: Sums = {
  unbalanced: 0n,
  receivable: 0n,
  credit: 0n,
  deferred: 0n,
  applied: 0n,
  refunded: 0n,
  gaps: 0n,
};

export interface BillingDatabase {
  /** Its address as the service's own role. */
  readonly url: string;
  /** Runs `work` as the plumbing runs a handler: as the service's own role, and again after a serialization failure. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  read<T>(work: (read: Read) => Promise<T>): Promise<T>;
  /** Runs a statement as the role that owns the tables. */
  asOwner(statement: ReturnType<typeof sql.unsafe>): Promise<unknown>;
  /** Throws unless debits equal credits, the books tie out to their sources, and no number is missing. */
  mustTieOut(): Promise<void>;
  /** The refunds of a payment, the oldest first. */
  refundsOf(paymentId: string): Promise<readonly { readonly refundId: string; readonly state: string }[]>;
  close(): Promise<void>;
}

/** Makes a migrated database on the stack's server. Nothing empties it: each test uses orders of its own. */
export async function billingDatabase(name: string): Promise<BillingDatabase> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  const { ownerUrl, appUrl } = await cloneDatabase(stack, 'billing', name, { template: 'template1', replace: true });
  const migrations = new URL('../migrations/', import.meta.url);
  await runMigrations({ contract, ownerUrl, migrations });
  const store = slonikStore(appUrl, { maxConnections: 20 });
  const owner = slonikStore(ownerUrl, { maxConnections: 1 });
  return {
    url: appUrl,
    transaction: (work) => store.transaction((session) => work(txOf(session))),
    read: (work) => store.read((session) => work(readOf(session))),
    asOwner: (statement) => owner.transaction((session) => slonikOf(txOf(session)).query(statement)),
    mustTieOut: async () => {
      deepEqual(await store.read((session) => slonikOf(readOf(session)).one(SUMS)), IN_ORDER);
    },
    refundsOf: (paymentId) =>
      store.read((session) =>
        slonikOf(readOf(session)).any(sql.prepared(
          'test.refunds',
          rows<{ readonly refundId: string; readonly state: string }>(),
        )`
          SELECT refund_id AS "refundId", state FROM refund WHERE payment_id = ${paymentId} ORDER BY requested_at`),
      ),
    close: async () => {
      await store.close();
      await owner.close();
      await dropDatabase(stack, name);
    },
  };
}

const SUMS = sql.prepared('test.sums', rows<Sums>())`
  WITH line AS (
    SELECT journal_id, account, CASE side WHEN 'DEBIT' THEN amount ELSE -amount END AS amount
    FROM journal_line
  )
  SELECT
    (SELECT count(*) FROM (
      SELECT FROM journal LEFT JOIN line USING (journal_id) GROUP BY journal_id
      HAVING count(line) < 2 OR sum(line.amount) <> 0) AS wrong) AS unbalanced,
    ((SELECT coalesce(sum(amount), 0) FROM line WHERE account = 'AR')
      - (SELECT coalesce(sum(total - credited - applied), 0) FROM invoice))::int8 AS receivable,
    ((SELECT coalesce(-sum(amount), 0) FROM line WHERE account = 'CUSTOMER_CREDIT')
      - (SELECT coalesce(sum(captured - applied - refunded), 0) FROM payment)
      - (SELECT coalesce(sum(amount), 0) FROM refund WHERE state NOT IN ('SUCCEEDED', 'REJECTED')))::int8 AS credit,
    ((SELECT coalesce(-sum(amount), 0) FROM line WHERE account = 'DEFERRED_REVENUE')
      - (SELECT coalesce(sum(net - recognised - credited_net + credited_revenue), 0) FROM invoice_line))::int8 AS deferred,
    ((SELECT coalesce(sum(applied), 0) FROM payment) - (SELECT coalesce(sum(applied), 0) FROM invoice))::int8 AS applied,
    ((SELECT coalesce(sum(amount), 0) FROM refund WHERE state <> 'REJECTED')
      - (SELECT coalesce(sum(refunded), 0) FROM payment))::int8 AS refunded,
    (SELECT coalesce(sum(last), 0)::int8 FROM number_series)
      - (SELECT count(*) FROM invoice) - (SELECT count(*) FROM credit_note) AS gaps`;
