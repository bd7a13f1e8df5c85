import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signWebhook, webhookKey } from '@atlas/runtime/webhooks';
import type { BillingDatabase } from './billingDatabase.ts';
import { billingScene, type BillingService } from './billingService.ts';
import { anOrder, collecting, hears, invoiceNow, ports } from './scene.ts';

let database: BillingDatabase;
let service: BillingService;
beforeAll(async () => {
  const scene = await billingScene('commands');
  ({ database, service } = scene);
  return () => scene.close();
});
afterEach(() => database.mustTieOut());

const ask: BillingService['ask'] = (...asked) => service.ask(...asked);

/** An order over 11.90 EUR that was confirmed: its id, and the path of its invoice. */
async function invoiced() {
  const order = anOrder();
  await hears(database).confirmed(order);
  const { invoiceId } = await invoiceNow(database, order.orderId);
  return { orderId: order.orderId, path: `/v1/invoices/${invoiceId}` };
}

const money = (amountMinor: number, currency = 'EUR') => ({ amountMinor, currency });
const paying = (amountMinor: number, change: object = {}) => ({
  amount: money(amountMinor),
  reference: randomUUID(),
  ...change,
});

describe('an invoice', () => {
  it('is found by its order, and read with its version', async () => {
    const { path, orderId } = await invoiced();
    const read = await ask('GET', path);
    expect(await ask('GET', `/v1/invoices?orderId=${orderId}`)).toMatchObject({ body: { invoices: [read.body] } });
    expect(read).toMatchObject({
      status: 200,
      body: {
        state: 'OPEN',
        number: expect.stringMatching(/^INV-\d{4}-\d{6}$/),
        total: money(1190),
        open: money(1190),
      },
    });
    expect(read.headers.get('etag')).toBe('"1"');
    expect(await ask('GET', `/v1/invoices?orderId=${randomUUID()}`)).toMatchObject({
      status: 200,
      body: { invoices: [] },
    });
    expect(await ask('GET', `/v1/invoices/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { code: 'invoice-not-found' },
    });
    expect(await ask('GET', path, { roles: ['ops'] })).toMatchObject({ status: 403, body: { code: 'forbidden-role' } });
  });
});

describe('recordManualPayment', () => {
  it('pays the invoice, and the payment and its journals can be read', async () => {
    const { path } = await invoiced();
    const key = randomUUID();
    const body = paying(1190);
    const paid = await ask('POST', `${path}/payments`, { body, version: '"1"', key });
    expect(paid).toMatchObject({ status: 201, body: { provider: 'manual', state: 'SUCCEEDED', applied: money(1190) } });
    expect(await ask('POST', `${path}/payments`, { body, version: '"1"', key })).toMatchObject({ body: paid.body });
    expect(await ask('GET', paid.headers.get('location') ?? '')).toMatchObject({ status: 200, body: paid.body });
    expect(await ask('GET', path)).toMatchObject({ body: { state: 'PAID', paid: money(1190), open: money(0) } });
  });

  it("keeps the excess as the customer's credit, if it is asked to", async () => {
    const { path } = await invoiced();
    const body = paying(2000, { keepExcess: true });
    expect(await ask('POST', `${path}/payments`, { body, version: '"1"' })).toMatchObject({
      status: 201,
      body: { applied: money(1190), credit: money(810) },
    });
  });

  it.each([
    [
      'another currency',
      { amount: money(1190, 'USD') },
      422,
      { code: 'currency-mismatch', errors: [{ pointer: '/amount/currency' }] },
    ],
    ['more than is open', { amount: money(1191) }, 422, { code: 'amount-over-open-balance' }],
    ['a day that is still to come', { receivedOn: '2199-12-31' }, 422, { code: 'date-in-future' }],
    ['a day that no calendar has', { receivedOn: '0000-01-01' }, 400, { code: 'validation-failed' }],
    ['nothing', { amount: money(0) }, 400, { code: 'validation-failed', errors: [{ pointer: '/amount/amountMinor' }] }],
    ['an amount with a fraction', { amount: money(1.5) }, 400, { code: 'validation-failed' }],
    ['a reference of two lines', { reference: 'a\nb' }, 400, { code: 'validation-failed' }],
  ])('refuses %s, and records nothing', async (_what, change, status, body) => {
    const { path } = await invoiced();
    const refused = await ask('POST', `${path}/payments`, { body: { ...paying(1190), ...change }, version: '"1"' });
    expect(refused).toMatchObject({ status, body });
    expect(await ask('GET', path)).toMatchObject({ body: { state: 'OPEN', open: money(1190) } });
  });

  it('refuses a stale version, a transfer that is recorded, and those who may not', async () => {
    const { path } = await invoiced();
    const body = paying(190);
    const at = (version: string, roles?: readonly string[]) =>
      ask('POST', `${path}/payments`, { body, version, ...(roles ? { roles } : {}) });
    expect(await at('"1"')).toMatchObject({ status: 201 });
    expect(await at('"1"')).toMatchObject({ status: 412, body: { code: 'version-conflict' } });
    expect(await at('"2"')).toMatchObject({ status: 409, body: { code: 'payment-exists' } });
    expect(await at('"2"', ['admin'])).toMatchObject({ status: 403, body: { code: 'forbidden-role' } });
    expect(await ask('POST', `${path}/payments`, { body })).toMatchObject({ status: 428 });
  });
});

describe('the trial balance', () => {
  it('has equal debits and credits', async () => {
    await invoiced();
    const balances = await database.read((read) => ports.ledger.balances(read, undefined));
    expect(balances.reduce((sum, { debit, credit }) => sum + debit - credit, 0n)).toBe(0n);
    expect(await ask('GET', '/v1/trial-balance')).toMatchObject({
      status: 200,
      body: { accounts: balances.map((sums) => ({ ...sums, debit: `${sums.debit}`, credit: `${sums.credit}` })) },
    });
    expect(await ask('GET', '/v1/trial-balance?period=2000-01')).toMatchObject({ body: { accounts: [] } });
    for (const period of ['2000-13', '0000-01', '9999-12'])
      expect(await ask('GET', `/v1/trial-balance?period=${period}`)).toMatchObject({ status: 400 });
  });
});

describe('receivePaymentWebhook', () => {
  const now = () => String(Math.floor(Date.now() / 1_000));

  interface Sent {
    readonly id?: string;
    readonly timestamp?: string;
    readonly key?: Buffer;
    readonly headers?: Readonly<Record<string, string>>;
    readonly path?: string;
  }

  async function send(event: unknown, { id = randomUUID(), timestamp = now(), key, headers, path }: Sent = {}) {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const secret = key ?? webhookKey(service.secret) ?? Buffer.alloc(0);
    const response = await fetch(`${service.url}/v1/webhooks/payments/${path ?? 'psp'}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signWebhook(secret, { id, timestamp, body }),
        ...headers,
      },
      body,
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** An order over 11.90 EUR that the provider should collect. */
  async function collected() {
    const order = anOrder();
    await hears(database, collecting).confirmed(order);
    const { invoiceId } = await invoiceNow(database, order.orderId);
    const [payment] = await database.transaction((tx) => ports.payments.ofInvoice(tx, invoiceId));
    return { invoice: `/v1/invoices/${invoiceId}`, paymentId: payment?.paymentId ?? '' };
  }

  const succeeded = (reference: string, change: object = {}) => ({
    type: 'payment.succeeded',
    timestamp: new Date().toISOString(),
    data: {
      paymentIntentId: `pi_${reference.replaceAll(/[^a-z0-9]/g, '')}`,
      status: 'succeeded',
      amount: 1190,
      currency: 'EUR',
      reference,
      refundedAmount: 0,
      version: 2,
      createdAt: new Date().toISOString(),
      ...change,
    },
  });

  it('pays the invoice, once, however often the event comes', async () => {
    const { invoice, paymentId } = await collected();
    const id = randomUUID();
    expect(await send(succeeded(paymentId), { id })).toEqual({ status: 204, body: undefined });
    await expect.poll(() => ask('GET', invoice)).toMatchObject({ body: { state: 'PAID', paid: money(1190) } });
    expect(await send(succeeded(paymentId), { id })).toMatchObject({ status: 204 });
    expect(await send(succeeded(paymentId))).toMatchObject({ status: 204 });
    expect(await ask('GET', `/v1/payments/${paymentId}`)).toMatchObject({
      body: { state: 'SUCCEEDED', captured: money(1190) },
    });
  });

  it('keeps money that nobody asked for', async () => {
    const reference = `other${randomUUID().replaceAll('-', '')}`;
    expect(await send(succeeded(reference))).toMatchObject({ status: 204 });
    const found = () =>
      database.transaction((tx) => ports.payments.findByRef(tx, 'psp', succeeded(reference).data.paymentIntentId));
    await expect.poll(found).toMatchObject({ invoiceId: undefined, captured: 1190n, applied: 0n });
  });

  it.each<[string, Sent, string]>([
    ['a wrong signature', { key: Buffer.alloc(32) }, 'webhook-signature-wrong'],
    ['a time that is too old', { timestamp: String(Math.floor(Date.now() / 1_000) - 301) }, 'webhook-timestamp-stale'],
    ['no signature', { headers: { 'webhook-signature': '' } }, 'webhook-signature-missing'],
    [
      'a token in place of a signature',
      { headers: { 'webhook-signature': '', authorization: 'Bearer x' } },
      'webhook-signature-missing',
    ],
  ])('refuses %s, and stores nothing', async (_what, sent, code) => {
    const { invoice, paymentId } = await collected();
    expect(await send(succeeded(paymentId), sent)).toMatchObject({ status: 401, body: { code } });
    expect(await ask('GET', invoice)).toMatchObject({ body: { state: 'OPEN' } });
  });

  it('accepts an event of a type that it does not know, and refuses one that does not fit its type', async () => {
    expect(await send({ type: 'payment.disputed', timestamp: now(), data: {} })).toMatchObject({ status: 204 });
    expect(await send(succeeded('x', { amount: -1 }))).toMatchObject({
      status: 400,
      body: { code: 'validation-failed' },
    });
    expect(await send('{"type":')).toMatchObject({ status: 400, body: { code: 'malformed-body' } });
    expect(await send(succeeded('x'), { path: 'somebody' })).toMatchObject({ status: 400 });
  });
});
