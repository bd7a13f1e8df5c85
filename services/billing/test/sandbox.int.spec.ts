import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type FaultKind, type Sandbox } from '@atlas/payment-sandbox';
import { pspProvider } from '../src/adapters/pspProvider.ts';
import { cancelIntent, createIntent, submitRefund } from '../src/app/askProvider.ts';
import type { EffectStart } from '../src/app/collect.ts';
import { stateOf } from '../src/domain/invoice.ts';
import type { Ports, Tx } from '../src/ports.ts';
import { billingDatabase, type BillingDatabase } from './billingDatabase.ts';
import { billingService, type BillingService } from './billingService.ts';
import { aCtx, anOrder, fullLists, hears, invoiceNow, ports } from './scene.ts';

const API_KEY = 'sk_test_billing';

let database: BillingDatabase;
let service: BillingService;
let sandbox: Sandbox;
/** The ports of this process, which runs the effects of the handlers that it calls. The service runs its own. */
let calling: Ports;
let heard: ReturnType<typeof hears>;

beforeAll(async () => {
  database = await billingDatabase(`billing_sandbox_${process.pid}`);
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  service = await billingService('sandbox', database.url, {
    PAYMENT_PROVIDER_URL: baseUrl,
    PAYMENT_PROVIDER_KEY: API_KEY,
  });
  sandbox = await startSandbox({
    port,
    webhookUrl: `${service.url}/v1/webhooks/payments/psp`,
    secrets: [service.secret],
    apiKey: API_KEY,
    delays: { payMs: 20, payAgainMs: 20, refundMs: 20 },
    redeliveriesMs: [50, 50, 50],
  });
  calling = { ...ports, provider: pspProvider({ baseUrl, token: API_KEY, timeoutMs: 500 }) };
  heard = hears(database, calling);
});
afterAll(async () => {
  await sandbox.stop();
  await service.stop();
  await database.close();
});
afterEach(() => database.mustTieOut());

/** A port that was free a moment ago, because the service and the sandbox must know each other's address beforehand. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/**
 * Runs effects as the plumbing does: the call without a transaction, again if it fails, then a transaction for its
 * outcome.
 */
async function run(effects: readonly EffectStart[] = []): Promise<void> {
  for (const effect of effects) {
    const settle = await performed(effect);
    const { effects: more } = await database.transaction(settle);
    await run(more);
  }
}

async function performed(effect: EffectStart): Promise<(tx: Tx) => Promise<{ effects?: readonly EffectStart[] }>> {
  for (let attempt = 1; ; attempt++) {
    const call = {
      key: effect.key,
      idempotencyKey: effect.key,
      correlationId: randomUUID(),
      attempt,
      signal: AbortSignal.timeout(15_000),
    };
    try {
      switch (effect.start) {
        case 'createIntent':
          return await outcomeOf(createIntent(calling), effect.key, effect.data, call);
        case 'cancelIntent':
          return await outcomeOf(cancelIntent(calling), effect.key, effect.data, call);
        case 'submitRefund':
          return await outcomeOf(submitRefund(calling), effect.key, effect.data, call);
        case 'fetchSettlement':
          throw new Error('the service reads reports itself');
      }
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

async function outcomeOf<Data, Call, Outcome>(
  handler: {
    perform(input: { data: Data; call: Call }): Promise<Outcome>;
    settle(
      input: { data: Data; outcome: Outcome; key: string; ctx: ReturnType<typeof aCtx> },
      tx: Tx,
    ): Promise<{ effects?: readonly EffectStart[] }>;
  },
  key: string,
  data: Data,
  call: Call,
) {
  const outcome = await handler.perform({ data, call });
  return (tx: Tx) => handler.settle({ data, outcome, key, ctx: aCtx() }, tx);
}

/** A confirmed order over 11.90 EUR, with faults of the provider for its payment. */
async function confirmed(...faults: readonly (readonly [kind: FaultKind, target?: string])[]) {
  const order = anOrder();
  const { effects = [] } = await heard.confirmed(order);
  const paymentId = effects[0]?.key ?? '';
  for (const [kind, target] of faults)
    sandbox.addFault({ kind, reference: paymentId, ...(target === undefined ? {} : { target }) });
  await run(effects);
  return { orderId: order.orderId, paymentId };
}

const state = async (orderId: string) => stateOf(await invoiceNow(database, orderId));
const payment = (paymentId: string) => database.read((read) => ports.payments.read(read, paymentId));

/** How often the provider has taken the money of a payment. */
async function charges(paymentId: string): Promise<number> {
  const signal = AbortSignal.timeout(10_000);
  const day = new Date().toISOString().slice(0, 10);
  const report = (await calling.provider?.settlementOf(day, { correlationId: randomUUID(), signal })) ?? [];
  return report.filter(({ kind, reference }) => kind === 'CHARGE' && reference === paymentId).length;
}

describe('an order that the provider collects', () => {
  it.each<[string, readonly (readonly [FaultKind, string?])[]]>([
    ['and behaves', []],
    ['and sends its webhook twice', [['duplicate', 'payment.succeeded']]],
    ['and loses its webhook the first time', [['lose', 'payment.succeeded']]],
    ['and signs its webhook wrongly the first time', [['wrong-signature', 'payment.succeeded']]],
    ['after a decline that the payer repeats', [['decline-retryable']]],
    ['and answers 500 after it did the work', [['fail-after-work', 'createPaymentIntent']]],
    ['and does not answer after it did the work', [['timeout-after-work', 'createPaymentIntent']]],
  ])('%s is paid once', async (_what, faults) => {
    const { orderId, paymentId } = await confirmed(...faults);
    await expect.poll(() => state(orderId)).toBe('PAID');
    expect(await payment(paymentId)).toMatchObject({ state: 'SUCCEEDED', captured: 1190n, applied: 1190n });
    expect(await charges(paymentId)).toBe(1);
  });

  it('and declines for good has failed', async () => {
    const { orderId, paymentId } = await confirmed(['decline-final']);
    await expect.poll(() => state(orderId)).toBe('COLLECTION_FAILED');
    await heard.cancelled(orderId);
    expect(await payment(paymentId)).toMatchObject({ state: 'FAILED', captured: 0n });
  });
});

describe('an order that is cancelled', () => {
  it('while the payer waits is no longer collected', async () => {
    const { orderId, paymentId } = await confirmed(['hold']);
    await run((await heard.cancelled(orderId)).effects);
    const { providerRef = '', state } = (await payment(paymentId)) ?? {};
    expect(state).toBe('CANCELLED');
    expect(sandbox.pay(providerRef)).toBe(false);
  });

  it('while the money comes in gets it back', async () => {
    const { orderId, paymentId } = await confirmed(['hold'], ['lose', 'payment.succeeded']);
    sandbox.pay((await payment(paymentId))?.providerRef ?? '');
    await run((await heard.cancelled(orderId)).effects);
    await expect
      .poll(async () => (await service.ask('GET', `/v1/payments/${paymentId}`)).body)
      .toMatchObject({
        state: 'SUCCEEDED',
        applied: { amountMinor: 0 },
        refunded: { amountMinor: 1190 },
      });
    await expect.poll(() => refundsOf(paymentId)).toEqual(['SUCCEEDED']);
    expect(await state(orderId)).toBe('CREDITED');
  });

  it('and whose refund the provider refuses waits for a person', async () => {
    const { orderId, paymentId } = await confirmed();
    await expect.poll(() => state(orderId)).toBe('PAID');
    const { effects = [] } = await heard.cancelled(orderId);
    sandbox.addFault({ kind: 'refund-fails', reference: effects[0]?.key ?? '' });
    await run(effects);
    await expect.poll(() => refundsOf(paymentId)).toEqual(['FAILED']);
  });
});

/** The states of a payment's refunds. */
const refundsOf = (paymentId: string) =>
  database.refundsOf(paymentId).then((refunds) => refunds.map(({ state }) => state));

describe('the report of the provider', () => {
  const today = () => new Date().toISOString().slice(0, 10);

  async function reconciled() {
    const body = { from: today(), to: today() };
    const { headers } = await service.ask('POST', '/v1/reconciliation-runs', { body });
    const read = async () => (await service.ask('GET', headers.get('location') ?? '')).body;
    await expect.poll(read).toMatchObject({ state: 'DONE' });
    return read();
  }

  it('has a charge that Billing does not know, which is found and kept', async () => {
    const reference = `somebody-${randomUUID()}`;
    const charged = await fetch(`${sandbox.url}/_sandbox/charges`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ amount: 700, currency: 'EUR', reference }),
    });
    expect(charged.status).toBe(201);
    expect(await reconciled()).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ kind: 'CHARGE_UNKNOWN' })]),
    });
    await expect.poll(async () => await reconciled()).toMatchObject({ found: 0, findings: [] });
  });

  it('with more findings than an answer has shows as many as the contract allows, and how many there are', async () => {
    const runId = randomUUID();
    await database.asOwner(sql.unsafe`
      WITH run AS (
        INSERT INTO reconciliation_run (run_id, version, state, first_day, last_day, entries, requested_by, requested_at)
        VALUES (${runId}, 2, 'DONE', now(), now(), 1001, 'finance-1', now())
      )
      INSERT INTO reconciliation_finding (run_id, position, kind, reference, detail)
      SELECT ${runId}, n, 'CHARGE_DIFFERS', 'pi_' || n, 'x' FROM generate_series(1, 1001) n`);
    const { status, body } = await service.ask('GET', `/v1/reconciliation-runs/${runId}`);
    expect({ status, body }).toMatchObject({ status: 200, body: { found: 1001 } });
    expect(fullLists('getReconciliation', body)).toEqual(['/findings']);
  });

  it('has payouts that leave nothing in clearing, and fees are in the books only then', async () => {
    const balanceOf = async (account: string) => {
      const balances = await database.read((read) => ports.ledger.balances(read, undefined));
      const found = balances.find((one) => one.account === account);
      return found ? found.debit - found.credit : 0n;
    };
    const { orderId } = await confirmed();
    await expect.poll(() => state(orderId)).toBe('PAID');
    expect(await balanceOf('FEES')).toBe(0n);
    const [payout] = sandbox.payOut();
    await expect.poll(() => balanceOf('PSP_CLEARING')).toBe(0n);
    expect(await balanceOf('FEES')).toBe(BigInt(payout?.fees ?? 0));
    expect(await balanceOf('BANK')).toBe(BigInt(payout?.amount ?? 0));
    expect(await reconciled()).toMatchObject({ findings: [] });
  });
});
