import { describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { merchant, type Called, type Merchant } from './merchant.ts';

const INTENT = { amount: 10_000, currency: 'EUR', reference: 'T-1' };
const idOf = ({ body }: Called): string => String(body['refundId'] ?? body['paymentIntentId']);
const intentPath = (answer: Called): string => `/v1/payment-intents/${idOf(answer)}`;
const entries = async (shop: Merchant, query = ''): Promise<readonly Record<string, unknown>[]> => {
  const { body } = await shop.call('GET', `/v1/settlement-reports/${new Date().toISOString().slice(0, 10)}${query}`);
  const found = body['entries'];
  return Array.isArray(found) ? found : [];
};

describe('a payment intent', () => {
  it('is paid once, and can then not be cancelled', async () => {
    await using shop = await merchant();
    const paid = await shop.settled('T-1');
    expect(paid.body).toMatchObject({ status: 'succeeded', amount: 10_000, refundedAmount: 0, version: 2 });
    expect(await shop.post(`${intentPath(paid)}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'payment-intent-succeeded' },
    });
    expect(await entries(shop)).toMatchObject([
      { type: 'charge', amount: 10_000, reference: 'T-1' },
      { type: 'fee', amount: -165 },
    ]);
  });

  it('can be cancelled repeatedly before it is paid', async () => {
    await using shop = await merchant({ delays: { payMs: 600_000 } });
    const created = await shop.post('/v1/payment-intents', INTENT);
    expect(created).toMatchObject({ status: 201, body: { status: 'awaiting-payment', version: 1 } });
    for (let count = 0; count < 2; count++)
      expect(await shop.post(`${intentPath(created)}/cancel`)).toMatchObject({
        status: 200,
        body: { status: 'cancelled', version: 2 },
      });
    expect(shop.sandbox.pay(idOf(created))).toBe(false);
    expect(await entries(shop)).toEqual([]);
  });

  it('waits after a retryable decline, and fails for good after a final one or too many', async () => {
    await using shop = await merchant();
    shop.sandbox.addFault({ kind: 'decline-retryable', reference: 'again' });
    shop.sandbox.addFault({ kind: 'decline-final', reference: 'never' });
    shop.sandbox.addFault({ kind: 'decline-retryable', reference: 'often', times: 9 });
    expect((await shop.settled('again')).body).toMatchObject({ status: 'succeeded' });
    expect((await shop.settled('never')).body).toMatchObject({
      status: 'failed',
      failure: { code: 'card-blocked', retryable: false },
    });
    expect((await shop.settled('often')).body).toMatchObject({
      status: 'failed',
      failure: { code: 'too-many-tries', retryable: false },
    });
    await expect
      .poll(() => shop.arrivals.map(({ type, data }) => `${type} ${String(data['reference'])}`))
      .toEqual([
        'payment.failed again',
        'payment.succeeded again',
        'payment.failed never',
        ...Array.from({ length: 4 }, () => 'payment.failed often'),
      ]);
  });

  it('is paid only on request if it is held', async () => {
    await using shop = await merchant();
    shop.sandbox.addFault({ kind: 'hold', reference: 'T-1' });
    const created = await shop.post('/v1/payment-intents', INTENT);
    await expect.poll(async () => (await shop.call('GET', '/_sandbox/faults')).body['faults']).toEqual([]);
    expect((await shop.call('GET', intentPath(created))).body).toMatchObject({ status: 'awaiting-payment' });
    expect(await shop.call('POST', `/_sandbox/payment-intents/${idOf(created)}/pay`)).toMatchObject({ status: 204 });
    expect((await shop.call('GET', intentPath(created))).body).toMatchObject({ status: 'succeeded' });
  });
});

describe('a command of a merchant', () => {
  it('with the same key and body gets the first answer again, even after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-sandbox-'));
    try {
      await using shop = await merchant({ file: join(folder, 'sandbox.sqlite') });
      const first = await shop.post('/v1/payment-intents', INTENT, 'once');
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      await shop.restart();
      const second = await shop.post('/v1/payment-intents', INTENT, 'once');
      expect(second.body).toEqual(first.body);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect(await shop.post('/v1/payment-intents', { ...INTENT, amount: 1 }, 'once')).toMatchObject({
        status: 422,
        body: { code: 'idempotency-key-reused' },
      });
      expect(await shop.post('/v1/refunds', { ...INTENT, paymentIntentId: idOf(first) }, 'once')).toMatchObject({
        status: 422,
      });
      await expect.poll(async () => (await entries(shop)).length).toBe(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(['timeout-after-work', 'fail-after-work', 'fail', 'unavailable'] as const)(
    'is done once, however often it is repeated after %s',
    async (kind) => {
      await using shop = await merchant();
      shop.sandbox.addFault({ kind, target: 'createPaymentIntent', times: 2 });
      const tries: (number | string)[] = [];
      for (let count = 0; count < 3; count++) {
        const answer = await shop.post('/v1/payment-intents', INTENT, 'once').catch(() => 'no answer');
        tries.push(typeof answer === 'string' ? answer : answer.status);
      }
      const failed = new Map<string, unknown>([
        ['timeout-after-work', 'no answer'],
        ['unavailable', 503],
      ]);
      expect(tries).toEqual([failed.get(kind) ?? 500, failed.get(kind) ?? 500, 201]);
      await expect.poll(async () => (await entries(shop)).filter(({ type }) => type === 'charge')).toHaveLength(1);
    },
  );

  it.each([
    ['no key', 'POST', '/v1/payment-intents', INTENT, {}, 400, 'invalid-request'],
    ['no API key', 'POST', '/v1/refunds', {}, { authorization: '' }, 401, 'unauthorized'],
    [
      'another API key',
      'GET',
      '/v1/refunds/re_1',
      undefined,
      { authorization: 'Bearer sk_other' },
      401,
      'unauthorized',
    ],
    [
      'an amount of 0',
      'POST',
      '/v1/payment-intents',
      { ...INTENT, amount: 0 },
      { 'idempotency-key': 'k' },
      400,
      'invalid-request',
    ],
    [
      'an unknown member',
      'POST',
      '/v1/payment-intents',
      { ...INTENT, vip: 1 },
      { 'idempotency-key': 'k' },
      400,
      'invalid-request',
    ],
    ['a body that is not JSON', 'POST', '/v1/refunds', '{', { 'idempotency-key': 'k' }, 400, 'invalid-request'],
    [
      'another media type',
      'POST',
      '/v1/refunds',
      'a=1',
      { 'idempotency-key': 'k', 'content-type': 'text/plain' },
      415,
      'unsupported-media-type',
    ],
    [
      'a body of 70,000 bytes',
      'POST',
      '/v1/refunds',
      `"${'x'.repeat(70_000)}"`,
      { 'idempotency-key': 'k' },
      413,
      'body-too-large',
    ],
    ['an unknown intent', 'GET', '/v1/payment-intents/pi_0', undefined, {}, 404, 'payment-intent-not-found'],
    ['a malformed id', 'GET', '/v1/payment-intents/0', undefined, {}, 400, 'invalid-request'],
    ['an unknown refund', 'GET', '/v1/refunds/re_0', undefined, {}, 404, 'refund-not-found'],
    ['a malformed day', 'GET', '/v1/settlement-reports/today', undefined, {}, 400, 'invalid-request'],
    ['a malformed cursor', 'GET', '/v1/settlement-reports/2026-11-24?cursor=x', undefined, {}, 400, 'invalid-request'],
    [
      'a limit that is not a number',
      'GET',
      '/v1/settlement-reports/2026-11-24?limit=1e1',
      undefined,
      {},
      400,
      'invalid-request',
    ],
    ['a path that is not well encoded', 'GET', '/v1/%', undefined, {}, 400, 'invalid-request'],
    ['an unknown path', 'GET', '/v1/unknown', undefined, {}, 404, 'not-found'],
  ])('with %s is refused', async (_what, method, path, body, headers, status, code) => {
    await using shop = await merchant();
    expect(await shop.call(method, path, body, headers)).toMatchObject({ status, body: { status, code } });
  });
});

describe('a refund', () => {
  const refundOf = (paid: Called, amount: number): object => ({
    paymentIntentId: idOf(paid),
    amount,
    currency: 'EUR',
    reference: 'R-1',
  });

  it('never exceeds the captured amount, even if two come at once', async () => {
    await using shop = await merchant();
    const paid = await shop.settled('T-1');
    const two = await Promise.all([6_000, 6_000].map((amount) => shop.post('/v1/refunds', refundOf(paid, amount))));
    expect(new Set(two.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(await shop.post('/v1/refunds', refundOf(paid, 4_001))).toMatchObject({
      status: 409,
      body: { code: 'amount-exceeds-captured' },
    });
    expect(await shop.post('/v1/refunds', refundOf(paid, 4_000))).toMatchObject({ status: 201 });
    expect((await shop.call('GET', intentPath(paid))).body).toMatchObject({ refundedAmount: 10_000 });
  });

  it('that fails makes its amount refundable again', async () => {
    await using shop = await merchant();
    const paid = await shop.settled('T-1');
    shop.sandbox.addFault({ kind: 'refund-fails' });
    const refund = await shop.post('/v1/refunds', refundOf(paid, 10_000));
    await expect
      .poll(() => shop.arrivals.at(-1))
      .toMatchObject({
        type: 'refund.failed',
        data: { refundId: idOf(refund), failure: { code: 'account-closed' } },
      });
    const again = await shop.post('/v1/refunds', refundOf(paid, 10_000));
    await expect
      .poll(async () => (await shop.call('GET', `/v1/refunds/${idOf(again)}`)).body)
      .toMatchObject({ status: 'succeeded', version: 2 });
  });

  it('needs a captured payment in the same currency', async () => {
    await using shop = await merchant({ delays: { payMs: 600_000 } });
    const open = await shop.post('/v1/payment-intents', INTENT);
    const codeOf = async (body: object): Promise<unknown> => (await shop.post('/v1/refunds', body)).body['code'];
    expect(await codeOf(refundOf(open, 1))).toBe('payment-intent-not-captured');
    shop.sandbox.pay(idOf(open));
    expect(await codeOf({ ...refundOf(open, 1), currency: 'USD' })).toBe('currency-mismatch');
    expect(await codeOf({ ...refundOf(open, 1), paymentIntentId: 'pi_0' })).toBe('payment-intent-not-found');
  });
});

describe('the settlement report', () => {
  it('has every movement of the day in pages, and adds up to zero after the payout', async () => {
    await using shop = await merchant();
    const paid = await shop.settled('T-1');
    await shop.post('/v1/refunds', { paymentIntentId: idOf(paid), amount: 2_500, currency: 'EUR', reference: 'R-1' });
    await expect.poll(async () => (await entries(shop)).length).toBe(3);
    const [payout] = shop.sandbox.payOut();
    expect(payout).toMatchObject({ gross: 7_500, fees: 165, amount: 7_335, currency: 'EUR' });
    expect(shop.sandbox.payOut()).toEqual([]);
    const all = await entries(shop);
    expect(all.map(({ type }) => type)).toEqual(['charge', 'fee', 'refund', 'payout']);
    expect(all.reduce((sum, { amount }) => sum + Number(amount), 0)).toBe(0);
    expect(new Set(all.map(({ payoutId }) => payoutId))).toEqual(new Set([payout?.payoutId]));
    await expect.poll(() => shop.arrivals.at(-1)).toMatchObject({ type: 'payout.paid', data: payout });

    const day = `/v1/settlement-reports/${new Date().toISOString().slice(0, 10)}`;
    const first = await shop.call('GET', `${day}?limit=3`);
    expect(first.body).toMatchObject({ final: false, nextCursor: expect.any(String) });
    const second = await shop.call('GET', `${day}?limit=3&cursor=${String(first.body['nextCursor'])}`);
    expect(second.body).toMatchObject({ entries: [{ type: 'payout' }] });
    expect(second.body).not.toHaveProperty('nextCursor');
    expect((await shop.call('GET', '/v1/settlement-reports/2020-02-29')).body).toEqual({
      date: '2020-02-29',
      final: true,
      entries: [],
    });
  });

  it('of a day ends at midnight, when the rest is paid out', async () => {
    let now = Date.parse('2031-05-01T23:59:00Z');
    await using shop = await merchant({ now: () => now });
    await shop.settled('T-1');
    expect((await shop.call('GET', '/v1/settlement-reports/2031-05-01')).body).toMatchObject({ final: false });
    now = Date.parse('2031-05-02T00:00:01Z');
    await shop.settled('T-2');
    await expect
      .poll(async () => (await shop.call('GET', '/v1/settlement-reports/2031-05-02')).body)
      .toMatchObject({
        final: false,
        entries: [{ type: 'payout', amount: -9_835 }, { type: 'charge' }, { type: 'fee' }],
      });
    expect((await shop.call('GET', '/v1/settlement-reports/2031-05-01')).body).toMatchObject({
      final: true,
      entries: [{ type: 'charge' }, { type: 'fee' }],
    });
  });

  it('has a charge that no webhook reports', async () => {
    await using shop = await merchant();
    const charge = { amount: 700, currency: 'EUR', reference: 'unknown' };
    expect(await shop.call('POST', '/_sandbox/charges', charge)).toMatchObject({ status: 201 });
    expect(await entries(shop)).toMatchObject([{ type: 'charge', reference: 'unknown' }, { type: 'fee' }]);
    expect((await shop.call('GET', '/_sandbox/events')).body).toEqual({ events: [] });
  });
});
