import { describe, expect, it } from 'vitest';
import { detailsOf } from './details.ts';

describe('the details of an event', () => {
  it.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, string>>]>([
    [
      'texts, numbers and truth values',
      { number: 'INV-1', step: 2, final: false },
      { number: 'INV-1', step: '2', final: 'false' },
    ],
    ['an amount of a currency with cents', { net: { amountMinor: 5, currency: 'EUR' } }, { net: '0.05 EUR' }],
    ['an amount below zero', { net: { amountMinor: -1_205, currency: 'EUR' } }, { net: '-12.05 EUR' }],
    ['an amount of a currency without cents', { net: { amountMinor: 12, currency: 'JPY' } }, { net: '12 JPY' }],
    [
      'an amount of a currency with three digits',
      { net: { amountMinor: '12', currency: 'KWD' } },
      { net: '0.012 KWD' },
    ],
    ['an amount beside its currency', { amountMinor: 1_250, currency: 'EUR' }, { amountMinor: '12.50 EUR' }],
    ['a quantity without a currency', { amountMinor: 7, currency: null }, { amountMinor: '7' }],
    ['an instant', { placedAt: 1_793_527_200_000_000 }, { placedAt: '2026-11-01T10:00:00.000Z' }],
    ['an instant that no calendar has', { placedAt: 1e300 }, { placedAt: '1e+300' }],
    [
      'goods',
      {
        lines: [
          { sku: 'A', qty: 1 },
          { sku: 'B', qty: 2 },
        ],
      },
      { lines: '1 × A, 2 × B' },
    ],
    ['nothing of lists, records and nothing', { lines: [{ lineId: 'l' }], other: {}, nothing: null }, {}],
    ['missing money as an empty text', { net: { amountMinor: 'x', currency: 'EUR' } }, { net: '' }],
  ])('have %s', (_what, data, details) => {
    expect(detailsOf(data, true)).toEqual(details);
  });

  it('have no amount in any form for somebody who is not a trader', () => {
    const data = {
      customerId: 'c',
      net: { amountMinor: 5, currency: 'EUR' },
      odd: { amountMinor: 'x', currency: 7 },
      amountMinor: 1_250,
      currency: 'EUR',
      reason: 'r',
    };
    expect(detailsOf(data, false)).toEqual({ reason: 'r' });
  });

  it('are at most 30, of at most 1,000 characters', () => {
    const data = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`m${n}`, 'x'.repeat(2_000)]));
    const details = detailsOf(data, true);
    expect(Object.keys(details)).toHaveLength(30);
    expect(details['m0']).toHaveLength(1_000);
  });
});
