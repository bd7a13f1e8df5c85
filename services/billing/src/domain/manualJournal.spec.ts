import { describe, expect, it } from 'vitest';
import { journalProblem, type WantedJournal } from './manualJournal.ts';

const NOW = { now: new Date('2026-11-24T12:00:00.000Z'), closedThrough: '2026-09' };

function aJournal(currency: string, reverses?: string): WantedJournal {
  return {
    description: 'The bank took its fee',
    effectiveDate: '2026-11-24',
    lines: [
      { account: 'FEES', side: 'DEBIT', amount: 500n, currency },
      { account: 'BANK', side: 'CREDIT', amount: 500n, currency },
    ],
    reverses,
  };
}

describe('a journal', () => {
  it('in a currency in use has no problem', () => expect(journalProblem(aJournal('EUR'), NOW)).toBeUndefined());

  it('in a currency that is not in use is refused', () =>
    expect(journalProblem(aJournal('ZZZ'), NOW)).toMatchObject({
      code: 'currency-unknown',
      pointer: '/lines/0/amount/currency',
    }));

  it('that reverses one in such a currency has no problem, because it could not be reversed otherwise', () =>
    expect(journalProblem(aJournal('ZZZ', 'journal-1'), NOW)).toBeUndefined());
});
