import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentOf } from './currency.ts';
import { MAX_AMOUNT, netOf, sum, taxOn } from './money.ts';

const amount = fc.bigInt({ min: 0n, max: MAX_AMOUNT });

describe('a net amount', () => {
  it.each([
    { title: 'whole cents stay as they are', qty: 10n, price: [1250n, 2], exponent: 2, net: 12_500n },
    { title: 'a half is rounded up', qty: 1n, price: [12_345n, 3], exponent: 2, net: 1235n },
    { title: 'less than a half is rounded down', qty: 1n, price: [12_3449n, 4], exponent: 2, net: 1234n },
    { title: 'is rounded once, after multiplying', qty: 3n, price: [333_333n, 5], exponent: 2, net: 1000n },
    { title: 'counts yen whole', qty: 2n, price: [125n, 1], exponent: 0, net: 25n },
    { title: 'counts dinars in thousandths', qty: 1n, price: [1n, 0], exponent: 3, net: 1000n },
    {
      title: 'keeps every digit of large ones',
      qty: MAX_AMOUNT,
      price: [MAX_AMOUNT, 0],
      exponent: 0,
      net: MAX_AMOUNT ** 2n,
    },
  ] as const)('$title', ({ qty, price: [preciseAmount, fractionDigits], exponent, net }) => {
    expect(netOf(qty, { preciseAmount, fractionDigits }, exponent)).toBe(net);
  });

  it('is never further than a half from the exact value', () => {
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
  it('of all basis points is the whole', () => {
    fc.assert(
      fc.property(amount, (net) => {
        expect(taxOn(net, 10_000)).toBe(net);
      }),
    );
  });
});

describe('currencies', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['XTS', undefined],
  ])('%s has %s digits', (code, digits) => expect(exponentOf(code)).toBe(digits));
});

describe('sums', () => {
  it('of nothing are zero', () => expect(sum([])).toBe(0n));
});
