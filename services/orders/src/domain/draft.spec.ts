import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aLine, anOrder } from '../../test/samples.ts';
import { draft } from './draft.ts';
import { MAX_AMOUNT } from './money.ts';

const line = fc
  .record({ qty: fc.bigInt(1n, 10n ** 6n), preciseAmount: fc.bigInt(0n, 10n ** 5n), fractionDigits: fc.nat(12) })
  .map(({ qty, ...unitPrice }) => aLine({ qty, unitPrice }));

describe('a draft', () => {
  it('has version 1 and lines with price and tax', () => {
    const drafted = draft(anOrder());
    expect(drafted).toMatchObject({
      ok: true,
      order: { state: 'DRAFT', version: 1n, terms: { net: 1235n, tax: 235n, total: 1470n } },
    });
  });

  it('has a total that is exactly the sum of its rounded lines and their tax', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), fc.nat(10_000), (lines, taxRateBasisPoints) => {
        const drafted = draft(anOrder({ lines, taxRateBasisPoints }));
        if (!drafted.ok) throw new Error(drafted.problem.detail);
        const { terms } = drafted.order;
        expect(terms.total).toBe(terms.lines.reduce((total, { net, tax }) => total + net + tax, 0n));
        expect(terms.total).toBe(terms.net + terms.tax);
      }),
    );
  });

  it('without a line is refused', () => {
    expect(draft(anOrder({ lines: [] }))).toMatchObject({ ok: false, problem: { code: 'order-empty' } });
  });

  it('in a currency that is not in use is refused', () => {
    expect(draft(anOrder({ currency: 'XXX' }))).toMatchObject({ ok: false, problem: { code: 'currency-unknown' } });
  });

  it('may have a total of 2^53 - 1 with tax, but not more', () => {
    const unitPrice = { preciseAmount: 1n, fractionDigits: 2 };
    const most = anOrder({ taxRateBasisPoints: 0, lines: [aLine({ qty: MAX_AMOUNT, unitPrice })] });
    expect(draft(most)).toMatchObject({ ok: true, order: { terms: { total: MAX_AMOUNT } } });
    expect(draft({ ...most, lines: [...most.lines, aLine({ qty: 1n, unitPrice })] })).toMatchObject({
      ok: false,
      problem: { code: 'amount-too-large' },
    });
    expect(draft({ ...most, taxRateBasisPoints: 1 })).toMatchObject({ ok: false });
  });
});
