import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_AMOUNT, netOf, sum, taxOn } from './money.ts';

const amount = fc.bigInt({ min: 0n, max: MAX_AMOUNT });

describe('a net amount', () => {
  it.each([
    { title: 'of whole cents stays as it is', qty: 10n, price: [1250n, 2], exponent: 2, net: 12_500n },
    { title: 'of half a cent is rounded up', qty: 1n, price: [12_345n, 3], exponent: 2, net: 1235n },
    { title: 'of less than half a cent is rounded down', qty: 1n, price: [12_3449n, 4], exponent: 2, net: 1234n },
    { title: 'is rounded once, after multiplying', qty: 3n, price: [333_333n, 5], exponent: 2, net: 1000n },
    { title: 'in yen has no digits after the point', qty: 2n, price: [125n, 1], exponent: 0, net: 25n },
    { title: 'in dinars has three digits after the point', qty: 1n, price: [1n, 0], exponent: 3, net: 1000n },
    {
      title: 'keeps every digit, however large',
      qty: MAX_AMOUNT,
      price: [MAX_AMOUNT, 0],
      exponent: 0,
      net: MAX_AMOUNT ** 2n,
    },
  ] as const)('$title', ({ qty, price: [preciseAmount, fractionDigits], exponent, net }) => {
    expect(netOf(qty, { preciseAmount, fractionDigits }, exponent)).toBe(net);
  });

  it('differs from the exact value by at most half a unit', () => {
    fc.assert(
      fc.property(amount, amount, fc.nat(12), fc.nat(4), (qty, preciseAmount, fractionDigits, exponent) => {
        const scale = 10n ** BigInt(fractionDigits);
        const exact = qty * preciseAmount * 10n ** BigInt(exponent);
        const off = 2n * (netOf(qty, { preciseAmount, fractionDigits }, exponent) * scale - exact);
        expect(off > -scale && off <= scale).toBe(true);
      }),
    );
  });
});

describe('tax', () => {
  it('is rounded half up, so 19 percent of 50 cents is 10 cents', () => expect(taxOn(50n, 1900)).toBe(10n));
  it('of 10,000 basis points is the whole amount', () => {
    fc.assert(
      fc.property(amount, (net) => {
        expect(taxOn(net, 10_000)).toBe(net);
      }),
    );
  });
});

describe('a sum', () => {
  it('of no amounts is zero', () => expect(sum([])).toBe(0n));
});
