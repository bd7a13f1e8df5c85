import { describe, expect, it } from 'vitest';
import { anInvoice } from '../../test/samples.ts';
import { credit, everythingLeft } from './credit.ts';
import { openOf, stateOf } from './invoice.ts';

const fully = credit(anInvoice(), everythingLeft(anInvoice()), 'REQUESTED').invoice;
const partly = credit(anInvoice(), [{ lineId: 'line-0', net: 400n, tax: 76n }], 'REQUESTED').invoice;

describe('the state of an invoice', () => {
  it.each([
    ['nothing was paid', anInvoice(), 'OPEN'],
    ['some of it was paid', anInvoice(undefined, { applied: 1n }), 'PARTIALLY_PAID'],
    ['all of it was paid', anInvoice(undefined, { applied: 1190n }), 'PAID'],
    ['the rest after a credit note was paid', { ...partly, applied: 714n }, 'PAID'],
    ['the provider gave up', anInvoice(undefined, { collectionFailed: true, applied: 1n }), 'COLLECTION_FAILED'],
    [
      'the provider gave up and it was paid nevertheless',
      anInvoice(undefined, { collectionFailed: true, applied: 1190n }),
      'PAID',
    ],
    ['all of it was credited', fully, 'CREDITED'],
    ['its order was cancelled', anInvoice([[0n, 0n]], { orderCancelled: true }), 'CREDITED'],
    ['it is over nothing', anInvoice([[0n, 0n]]), 'PAID'],
  ])('if %s', (_what, invoice, state) => {
    expect(stateOf(invoice)).toBe(state);
    expect(openOf(invoice)).toBeGreaterThanOrEqual(0n);
  });
});
