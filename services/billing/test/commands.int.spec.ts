import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '@atlas/generated-billing';
import { deployContracts, mintToken, readStack, spawnService, type ServiceProcess } from '@atlas/stack';
import { billingDatabase, type BillingDatabase } from './billingDatabase.ts';
import { anOrder, hears, invoiceNow, ports } from './scene.ts';

const NAMESPACE = 'billing-commands.';

const known = readStack();
if (!known) throw new Error('no stack is up: run `make up` first');
const stack = known;

let database: BillingDatabase;
let service: ServiceProcess;
beforeAll(async () => {
  await deployContracts(stack, { namespace: NAMESPACE });
  database = await billingDatabase(`billing_commands_${process.pid}`);
  const env = { DATABASE_URL: database.url };
  service = await spawnService(stack, contract.service, { namespace: NAMESPACE, name: 'billing.commands', env });
});
afterAll(async () => {
  await service.stop();
  await database.close();
});
afterEach(() => database.mustTieOut());

interface Asked {
  readonly body?: unknown;
  readonly version?: string;
  readonly key?: string;
  readonly roles?: readonly string[];
}

async function ask(method: 'GET' | 'POST', path: string, { body, version, key, roles = ['finance'] }: Asked = {}) {
  const response = await fetch(service.url + path, {
    method,
    headers: {
      authorization: `Bearer ${await mintToken(stack, { sub: 'finance-1', roles })}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': key ?? randomUUID() } : {}),
      ...(version === undefined ? {} : { 'if-match': version }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

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

  it('keeps what is too much as the credit of the customer, if it is to', async () => {
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
    ['a day that is still to come', { receivedOn: '2999-01-01' }, 422, { code: 'date-in-future' }],
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
    expect(await ask('GET', '/v1/trial-balance?period=2000-13')).toMatchObject({ status: 400 });
  });
});
