import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { beforeAll, describe, expect, it } from 'vitest';
import { requestRefund } from '../src/app/requestRefund.ts';
import type { BillingDatabase } from './billingDatabase.ts';
import { billingScene, type BillingService } from './billingService.ts';
import { aCtx, anOrder, fullLists, hears, pay, ports } from './scene.ts';

let database: BillingDatabase;
let service: BillingService;
beforeAll(async () => {
  const scene = await billingScene('unposted');
  ({ database, service } = scene);
  return () => scene.close();
});

const NOW = new Date();
const LAST_MONTH = new Date(Date.UTC(NOW.getUTCFullYear(), NOW.getUTCMonth() - 1, 15));
const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

/** The series of the gauge, by kind. */
async function counted(): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${service.adminUrl}/metrics`)).text();
  const series = text.matchAll(/^atlas_billing_unposted\{.*kind="(\w+)".*\} (\d+)$/gm);
  return Object.fromEntries([...series].map(([, kind = '', value]) => [kind, Number(value)]));
}

async function askJournal(effectiveDate: string): Promise<void> {
  const amount = { amountMinor: 500, currency: 'EUR' };
  const lines = [
    { account: 'FEES', side: 'DEBIT', amount },
    { account: 'BANK', side: 'CREDIT', amount },
  ];
  const body = { description: 'The bank took its fee', effectiveDate, lines };
  expect(await service.ask('POST', '/v1/journals', { body })).toMatchObject({ status: 201 });
}

/** Requests a refund of a part of a payment, which nobody has decided yet. */
async function askRefund(at: Date): Promise<void> {
  const order = anOrder();
  await hears(database).confirmed(order);
  const paid = await pay(database, order.orderId, 3000n, { keepExcess: true });
  if (paid.status !== 201) throw new Error('not paid');
  const { paymentId } = paid.body;
  const { version: ifMatch } = (await database.read((read) => ports.payments.read(read, paymentId))) ?? { version: 0n };
  const body = { amount: { amountMinor: 500, currency: 'EUR' }, note: randomUUID() };
  await database.transaction((tx) => requestRefund(ports)({ params: { paymentId }, body, ifMatch, ctx: aCtx(at) }, tx));
}

describe('atlas_billing_unposted', () => {
  it('counts what the last finished month lists as unposted, and nothing of the open month', async () => {
    expect(await counted()).toEqual({ manualJournals: 0, refunds: 0 });
    // twice as many, so that the two cannot be confused
    for (let count = 0; count < 2; count++) {
      await askJournal(dayOf(NOW));
      await askRefund(NOW);
    }
    await askJournal(dayOf(LAST_MONTH));
    await expect.poll(counted).toEqual({ manualJournals: 1, refunds: 0 });
    await askRefund(LAST_MONTH);
    await expect.poll(counted).toEqual({ manualJournals: 1, refunds: 1 });
    expect(await service.ask('GET', `/v1/periods/${dayOf(LAST_MONTH).slice(0, 7)}`)).toMatchObject({
      body: { unposted: { manualJournals: [expect.any(String)], refunds: [expect.any(String)] } },
    });
  });
});

describe('a period', () => {
  it('lists as many unposted things as the contract allows if there are more', async () => {
    const digest = '0'.repeat(64);
    const paymentId = randomUUID();
    await database.asOwner(sql.unsafe`
      INSERT INTO manual_journal
        (journal_id, version, state, description, effective_date, currency, requester_id, digest, requested_at)
      SELECT gen_random_uuid(), 1, 'REQUESTED', 'fee', '2020-03-05', 'EUR', 'finance-1', ${digest}, now()
      FROM generate_series(1, 101)`);
    await database.asOwner(sql.unsafe`
      WITH paid AS (
        INSERT INTO payment
          (payment_id, version, provider, state, currency, amount, captured, applied, refunded, created_at)
        VALUES (${paymentId}, 1, 'manual', 'SUCCEEDED', 'EUR', 101, 101, 0, 101, now())
      )
      INSERT INTO refund (refund_id, version, payment_id, state, currency, amount, automatic, requester_id, digest, requested_at)
      SELECT gen_random_uuid(), 1, ${paymentId}, 'FAILED', 'EUR', 1, true, 'finance-1', ${digest}, '2020-03-05Z'
      FROM generate_series(1, 101)`);
    const { status, body } = await service.ask('GET', '/v1/periods/2020-03');
    expect(status).toBe(200);
    expect(fullLists('getPeriod', body)).toEqual(['/unposted/manualJournals', '/unposted/refunds']);
  });
});
