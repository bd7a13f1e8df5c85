import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { merchant, type Arrival } from './merchant.ts';

const INTENT = { amount: 10_000, currency: 'EUR', reference: 'T-1' };
const referenceOf = ({ data }: Arrival): unknown => data['reference'];

describe('a webhook of the sandbox', () => {
  it('is sent twice with the same id as a duplicate', async () => {
    await using shop = await merchant();
    shop.sandbox.addFault({ kind: 'duplicate' });
    await shop.settled('T-1');
    await expect.poll(() => shop.arrivals.length).toBe(2);
    const [first, second] = shop.arrivals;
    expect(first).toMatchObject({ type: 'payment.succeeded', isSigned: true, data: { status: 'succeeded' } });
    expect(second).toEqual(first);
  });

  it('that is lost comes later', async () => {
    await using shop = await merchant();
    shop.sandbox.addFault({ kind: 'lose', target: 'payment.succeeded' });
    await shop.settled('T-1');
    await expect.poll(() => shop.arrivals.length).toBe(1);
    expect((await shop.call('GET', '/_sandbox/events')).body).toMatchObject({
      events: [{ deliveries: [{ number: 1, fault: 'lose', outcome: 'lost on the way' }, { number: 2 }] }],
    });
  });

  it('with a wrong signature is refused, and then sent with the right one', async () => {
    await using shop = await merchant();
    shop.sandbox.addFault({ kind: 'wrong-signature' });
    await shop.settled('T-1');
    await expect.poll(() => shop.arrivals.map(({ isSigned }) => isSigned)).toEqual([false, true]);
    expect(new Set(shop.arrivals.map(({ id }) => id)).size).toBe(1);
  });

  it.each(['reorder', 'delay'] as const)('with %s comes after a newer one', async (kind) => {
    await using shop = await merchant();
    shop.sandbox.addFault({ kind, reference: 'older', delayMs: kind === 'delay' ? 300 : 600_000 });
    await shop.settled('older');
    await shop.settled('newer');
    await expect.poll(() => shop.arrivals.map(referenceOf)).toEqual(['newer', 'older']);
  });

  it('is sent again until it is answered, and later once more on request', async () => {
    await using shop = await merchant();
    shop.answerWith(500);
    shop.sandbox.addFault({ kind: 'hold', reference: 'other' });
    await shop.settled('T-1');
    await expect.poll(() => shop.arrivals.length).toBe(4);
    shop.answerWith(204);
    const id = shop.arrivals[0]?.id ?? '';
    expect(await shop.call('POST', `/_sandbox/events/${id}/redeliver`)).toMatchObject({ status: 204 });
    await expect
      .poll(async () => (await shop.call('GET', '/_sandbox/events')).body)
      .toMatchObject({ events: [{ eventId: id, delivered: true }] });
    expect(shop.arrivals.map((arrival) => arrival.id)).toEqual(Array.from({ length: 5 }, () => id));
    expect(await shop.call('POST', '/_sandbox/events/evt_0/redeliver')).toMatchObject({ status: 404 });
  });

  it('and a payment survive a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-sandbox-'));
    try {
      const file = join(folder, 'sandbox.sqlite');
      await using shop = await merchant({ file, delays: { payMs: 600_000 }, redeliveriesMs: [600_000] });
      await shop.post('/v1/payment-intents', INTENT);
      shop.answerWith(503);
      const now = Date.now() + 600_000;
      await shop.restart({ now: () => now });
      await expect.poll(() => shop.arrivals.length).toBe(1);
      shop.answerWith(204);
      await shop.restart({ now: () => now + 600_000 });
      await expect.poll(() => shop.arrivals.length).toBe(2);
      expect(shop.arrivals[1]).toEqual(shop.arrivals[0]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('chance', () => {
  it('gives the same faults with the same seed, and never takes money twice', async () => {
    const odds = { 'decline-retryable': 0.3, 'decline-final': 0.2, 'fail-after-work': 0.5, duplicate: 0.5, lose: 0.3 };
    const run = async (seed: number): Promise<readonly string[]> => {
      await using shop = await merchant({ random: { seed, odds } });
      const lines: string[] = [];
      for (let count = 0; count < 12; count++) {
        const reference = `T-${count}`;
        let answer = await shop.post('/v1/payment-intents', { ...INTENT, reference }, `pay ${reference}`);
        for (; answer.status === 500; lines.push(`${reference} 500`))
          answer = await shop.post('/v1/payment-intents', { ...INTENT, reference }, `pay ${reference}`);
        lines.push(`${reference} ${String((await shop.settled(reference)).body['status'])}`);
      }
      const report = `/v1/settlement-reports/${new Date().toISOString().slice(0, 10)}`;
      let { status, body } = await shop.call('GET', report);
      while (status !== 200) ({ status, body } = await shop.call('GET', report));
      const charges = (Array.isArray(body['entries']) ? body['entries'] : [])
        .filter(({ type }) => type === 'charge')
        .map(({ reference }) => String(reference));
      expect(charges).toEqual([...new Set(charges)]);
      expect(charges).toEqual(lines.filter((line) => line.endsWith('succeeded')).map((line) => line.split(' ')[0]));
      return lines;
    };
    const [first, second, other] = [await run(42), await run(42), await run(43)];
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first.some((line) => line.endsWith('failed'))).toBe(true);
  });
});
