import { describe, expect, it } from 'vitest';
import { contract } from '@atlas/generated-reporting';
import { TOPICS } from '../topics.ts';
import { sentenceOf, TOLD } from './sentences.ts';

/** The topics whose events are about an order, a payment or a refund. */
const ABOUT_ORDERS: readonly string[] = [
  TOPICS.orders,
  TOPICS.reservations,
  TOPICS.invoices,
  TOPICS.payments,
  TOPICS.approvals,
];
const names = contract.consumers
  .map(({ message }) => message)
  .filter(({ topic }) => ABOUT_ORDERS.includes(topic))
  .map(({ name }) => name);

describe('the sentence of an event', () => {
  it('is there for each event that a timeline may have, and for no other one', () => {
    expect([...TOLD].sort()).toEqual([...new Set(names)].sort());
  });

  it.each(names)('%s is one, also if the payload is empty or strange', (name) => {
    for (const data of [{}, { lines: 7, reason: {}, shortages: [null, 'x'], deciders: 'x', step: [] }])
      expect(sentenceOf(name, data)).toMatch(/^.+\.$/);
  });

  it.each([
    ['OrderCancelled', { reason: 'INSUFFICIENT_STOCK' }, 'The order was cancelled, because there is not enough stock.'],
    ['OrderCancelled', { reason: 'constructor' }, 'The order was cancelled.'],
    [
      'ShipmentDispatched',
      {
        lines: [
          { sku: 'A', qty: 2 },
          { sku: 'B', qty: 1 },
        ],
        last: true,
      },
      'A shipment of 2 × A, 1 × B left a warehouse, the last one.',
    ],
    ['StepDecided', { step: 1, decision: 'APPROVE' }, 'Step 1 of the approval was approved.'],
    [
      'StepDecided',
      { step: 1, decision: 'APPROVE', nextStepDueAt: 1_793_527_200_000_000 },
      'Step 1 of the approval was approved, and the next step begins.',
    ],
    ['StepDecided', { step: 2, decision: 'APPROVE', nextStepDueAt: null }, 'Step 2 of the approval was approved.'],
    ['toString', {}, 'toString was published.'],
  ])('%s of %j is: %s', (name, data, sentence) => {
    expect(sentenceOf(name, data)).toBe(sentence);
  });

  it('is not longer than the contract allows, whatever others write', () => {
    const sentence = sentenceOf('InvoiceIssued', { number: '𝄞'.repeat(400) });
    expect(sentence.length).toBeLessThanOrEqual(500);
    expect(sentence.isWellFormed()).toBe(true);
  });
});
