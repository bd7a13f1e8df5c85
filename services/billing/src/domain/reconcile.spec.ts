import { describe, expect, it } from 'vitest';
import { reconcile, type Known, type ReportLine } from './reconcile.ts';

const eur = (amountMinor: bigint) => ({ amountMinor, currency: 'EUR' });

function line(kind: ReportLine['kind'], amount: bigint, change: Partial<ReportLine> = {}): ReportLine {
  return {
    kind,
    entryId: `entry-${kind}`,
    providerRef: `ref-${kind}`,
    reference: 'r',
    amount: eur(amount),
    payoutRef: null,
    at: 0n,
    ...change,
  };
}

const NONE = { charges: [], refunds: [], payouts: [] };
const NOTHING: Known = { captured: new Map(), refunds: new Map(), payouts: new Map(), expected: NONE };
const refund = (amount: bigint, paidAs: string | null = 'ref-REFUND') => ({ ...eur(amount), paidAs });

describe('a report', () => {
  it('that agrees with the books has no findings', () => {
    const known: Known = {
      captured: new Map([['ref-CHARGE', eur(100n)]]),
      refunds: new Map([['r', refund(20n)]]),
      payouts: new Map([['ref-PAYOUT', eur(77n)]]),
      expected: { charges: ['ref-CHARGE'], refunds: ['ref-REFUND'], payouts: ['ref-PAYOUT'] },
    };
    const report = [line('CHARGE', 100n), line('FEE', -3n), line('REFUND', -20n), line('PAYOUT', -77n)];
    expect(reconcile(report, known)).toEqual({ findings: [], missed: [] });
  });

  it.each<[string, ReportLine[], Partial<Known>, string, string | undefined]>([
    ['a charge that is not recorded', [line('CHARGE', 100n)], {}, 'CHARGE_UNKNOWN', 'intent'],
    [
      'a charge over another amount',
      [line('CHARGE', 100n)],
      { captured: new Map([['ref-CHARGE', eur(99n)]]) },
      'CHARGE_DIFFERS',
      undefined,
    ],
    [
      'a charge that is recorded only here',
      [],
      { expected: { ...NONE, charges: ['pi_9'] } },
      'CHARGE_NOT_REPORTED',
      undefined,
    ],
    [
      'a refund that is recorded only here',
      [],
      { expected: { ...NONE, refunds: ['re_9'] } },
      'REFUND_NOT_REPORTED',
      undefined,
    ],
    [
      'a payout that is recorded only here',
      [],
      { expected: { ...NONE, payouts: ['po_9'] } },
      'PAYOUT_NOT_REPORTED',
      undefined,
    ],
    [
      'a refund over another amount',
      [line('REFUND', -5n)],
      { refunds: new Map([['r', refund(6n)]]) },
      'REFUND_DIFFERS',
      undefined,
    ],
    [
      'a refund that a person has paid as well',
      [line('REFUND', -5n)],
      { refunds: new Map([['r', refund(5n, 'bank-1')]]) },
      'REFUND_DIFFERS',
      undefined,
    ],
    [
      'a payout over another amount',
      [line('PAYOUT', -77n)],
      { payouts: new Map([['ref-PAYOUT', eur(78n)]]) },
      'PAYOUT_DIFFERS',
      undefined,
    ],
    [
      'a refund that is not recorded',
      [line('REFUND', -5n)],
      { refunds: new Map([['r', refund(5n, null)]]) },
      'REFUND_MISSED',
      'refund',
    ],
    ['a refund that nobody asked for', [line('REFUND', -5n)], {}, 'REFUND_UNKNOWN', undefined],
  ])('finds %s', (_what, report, known, kind, missing) => {
    const { findings, missed } = reconcile(report, { ...NOTHING, ...known });
    expect(findings.map((one) => one.kind)).toEqual([kind]);
    expect(missed.map(({ intent, refund }) => (intent ? 'intent' : refund ? 'refund' : 'payout'))).toEqual(
      missing === undefined ? [] : [missing],
    );
  });

  const parts = { payoutRef: 'ref-PAYOUT' };
  const known: Known = {
    ...NOTHING,
    captured: new Map([['ref-CHARGE', eur(100n)]]),
    refunds: new Map([['r', refund(20n)]]),
  };

  it('gives a payout that is not recorded with the fees of its parts', () => {
    const report = [
      line('CHARGE', 100n, parts),
      line('FEE', -3n, parts),
      line('REFUND', -20n, parts),
      line('PAYOUT', -77n),
      line('FEE', -9n),
    ];
    expect(reconcile(report, known)).toMatchObject({
      findings: [{ kind: 'PAYOUT_MISSED' }],
      missed: [{ payout: { providerRef: 'ref-PAYOUT', amount: eur(77n), fees: eur(3n) } }],
    });
  });

  it('does not guess the fees of a payout whose parts it does not have', () => {
    const report = [line('CHARGE', 100n, parts), line('PAYOUT', -77n)];
    expect(reconcile(report, known)).toMatchObject({ findings: [{ kind: 'PAYOUT_INCOMPLETE' }], missed: [] });
  });
});
