import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINE_ID, NOW, aLine, aShipment, inEveryState } from '../../test/samples.ts';
import { evolve } from './evolve.ts';
import { cancelledParts, netOfPart, progressOf } from './quantities.ts';

/** A line of any size, and the sizes of some of its parts, in the sequence in which they leave. */
const split = fc
  .record({ net: fc.bigInt(0n, 2n ** 53n - 1n), parts: fc.array(fc.bigInt(1n, 10n ** 6n), { minLength: 1 }) })
  .map(({ net, parts }) => {
    const qty = parts.reduce((sum, part) => sum + part, 0n);
    return { line: { ...aLine({ qty }), net, tax: 0n }, parts };
  });

function nets({ line, parts }: { readonly line: Parameters<typeof netOfPart>[0]; readonly parts: readonly bigint[] }) {
  let before = 0n;
  return parts.map((qty) => {
    const net = netOfPart(line, before, qty);
    before += qty;
    return net;
  });
}

describe('the parts of a line', () => {
  it('add up to its net amount, none is below zero, and none differs from its exact share by more than a minor unit', () => {
    fc.assert(
      fc.property(split, ({ line, parts }) => {
        const amounts = nets({ line, parts });
        expect(amounts.reduce((sum, net) => sum + net, 0n)).toBe(line.net);
        expect(amounts.every((net) => net >= 0n)).toBe(true);
        const off = amounts.map((net, index) => net * line.qty - line.net * (parts[index] ?? 0n));
        expect(off.every((difference) => difference <= line.qty && difference >= -line.qty)).toBe(true);
      }),
    );
  });

  it('that are half a cent each are rounded in turn, so that the last one has the remainder', () => {
    const line = { ...aLine({ qty: 4n }), net: 2n, tax: 0n };
    expect(nets({ line, parts: [1n, 1n, 1n, 1n] })).toEqual([1n, 0n, 1n, 0n]);
  });
});

describe('a line of an order', () => {
  const every = inEveryState();
  const shippedOf = (state: keyof typeof every) => progressOf(every[state]).map(({ shipped }) => shipped);

  it('is shipped as far as its shipments say', () => {
    expect([shippedOf('READY'), shippedOf('PARTIALLY_FULFILLED'), shippedOf('FULFILLED')]).toEqual([[0n], [4n], [4n]]);
  });

  it('is cancelled as far as it has not left, once the order has ended', () => {
    const cancelled = (state: keyof typeof every) => progressOf(every[state])[0]?.cancelled;
    expect([cancelled('CANCELLING'), cancelled('FULFILLED'), cancelled('CANCELLED')]).toEqual([0n, 6n, 10n]);
  });

  it('gives the rest of its net and tax to the cancelled part', () => {
    expect(cancelledParts(every.FULFILLED)).toEqual([{ lineId: LINE_ID, qty: 6n, net: 741n, tax: 141n }]);
  });

  it('is not among the cancelled ones if nothing of it was cancelled', () => {
    const { READY } = inEveryState({ lines: [aLine({ qty: 4n })] });
    const whole = aShipment(READY.version + 1n);
    expect(cancelledParts(evolve.toFulfilled(READY, [whole], NOW))).toEqual([]);
  });
});
