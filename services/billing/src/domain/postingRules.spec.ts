import { describe, expect, it } from 'vitest';
import { difference, type Entry } from './ledger.ts';
import { crediting, issuing, MANUAL, paying, refunding, shipping } from './postingRules.ts';

const text = (entries: readonly Entry[]) => entries.map(({ account, side, amount }) => `${side} ${account} ${amount}`);

describe('what is posted for', () => {
  it.each([
    ['an invoice', issuing({ net: 100n, tax: 19n }), 'DEBIT AR 119, CREDIT DEFERRED_REVENUE 100, CREDIT TAX 19'],
    ['an invoice without tax', issuing({ net: 100n, tax: 0n }), 'DEBIT AR 100, CREDIT DEFERRED_REVENUE 100'],
    ['an invoice over nothing', issuing({ net: 0n, tax: 0n }), ''],
    ['a payment', paying({ provider: 'psp', applied: 5n, unapplied: 0n }), 'DEBIT PSP_CLEARING 5, CREDIT AR 5'],
    ['a manual payment', paying({ provider: MANUAL, applied: 5n, unapplied: 0n }), 'DEBIT BANK 5, CREDIT AR 5'],
    [
      'a payment that is too much',
      paying({ provider: 'psp', applied: 5n, unapplied: 2n }),
      'DEBIT PSP_CLEARING 7, CREDIT AR 5, CREDIT CUSTOMER_CREDIT 2',
    ],
    [
      'a late payment',
      paying({ provider: 'psp', applied: 0n, unapplied: 7n }),
      'DEBIT PSP_CLEARING 7, CREDIT CUSTOMER_CREDIT 7',
    ],
    [
      'a credit note',
      crediting({ deferred: 60n, revenue: 40n, tax: 19n, ar: 19n, unapplied: 100n }),
      'DEBIT DEFERRED_REVENUE 60, DEBIT REVENUE 40, DEBIT TAX 19, CREDIT AR 19, CREDIT CUSTOMER_CREDIT 100',
    ],
    ['a refund', refunding({ paidBy: 'psp', amount: 7n }), 'DEBIT CUSTOMER_CREDIT 7, CREDIT PSP_CLEARING 7'],
    ['a manual refund', refunding({ paidBy: MANUAL, amount: 7n }), 'DEBIT CUSTOMER_CREDIT 7, CREDIT BANK 7'],
    ['a shipment', shipping(7n), 'DEBIT DEFERRED_REVENUE 7, CREDIT REVENUE 7'],
  ])('%s is balanced', (_what, entries, expected) => {
    expect(text(entries).join(', ')).toBe(expected);
    expect(difference(entries)).toBe(0n);
  });
});
