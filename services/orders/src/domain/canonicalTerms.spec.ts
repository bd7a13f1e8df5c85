import { describe, expect, it } from 'vitest';
import { aDraft, aLine } from '../../test/samples.ts';
import { canonicalTerms } from './canonicalTerms.ts';

describe('the text that a digest is made from', () => {
  it('never changes by a single letter, because old digests must stay valid', () => {
    expect(canonicalTerms(aDraft().terms)).toBe(
      '["order/2","0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11","0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e44","ops-1","EUR",1900,"PREPAID",' +
        '[["0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e22","BOLT-M8","10","12345",4,null,"1235","235"]],"1470"]',
    );
  });

  it.each([
    ['the quantity', { lines: [aLine({ qty: 11n })] }],
    ['the price', { lines: [aLine({ unitPrice: { preciseAmount: 12_346n, fractionDigits: 4 } })] }],
    ['the warehouse', { lines: [aLine({ warehouseId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e55' })] }],
    ['the requester', { requesterId: 'ops-2' }],
    ['the currency', { currency: 'USD' }],
    ['the payment terms', { payment: 'NET_30' as const }],
  ])('changes with %s', (_what, change) => {
    expect(canonicalTerms(aDraft(change).terms)).not.toBe(canonicalTerms(aDraft().terms));
  });
});
