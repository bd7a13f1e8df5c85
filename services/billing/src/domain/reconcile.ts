import type { IntentSays, PayoutSays, RefundSays } from './says.ts';

interface Amount {
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** One line of the provider's report. `amount` is the change of its balance; it is below zero if money goes out. */
export interface ReportLine {
  readonly kind: 'UNSPECIFIED' | 'CHARGE' | 'REFUND' | 'FEE' | 'PAYOUT';
  readonly entryId: string;
  readonly providerRef: string;
  readonly reference: string;
  readonly amount: Amount;
  readonly payoutRef: string | null;
  readonly at: bigint;
}

/** What Billing knows about the contents of the report. */
export interface Known {
  /** The money that came in, by the provider's id of the intent. */
  readonly captured: ReadonlyMap<string, Amount>;
  /** The refunds that were asked for, by the id that we gave them. */
  readonly refunds: ReadonlyMap<string, KnownRefund>;
  /** What the bank got by the payouts that are posted, by the provider's id. */
  readonly payouts: ReadonlyMap<string, Amount>;
  /** The provider's ids of what the books have on the days of the report. */
  readonly expected: Readonly<Record<'charges' | 'refunds' | 'payouts', readonly string[]>>;
}

export interface KnownRefund extends Amount {
  /** The id that the provider, or the bank, gave the refund that was paid; null if it has not been paid yet. */
  readonly paidAs: string | null;
}

export interface Finding {
  readonly kind:
    | 'CHARGE_UNKNOWN'
    | 'CHARGE_DIFFERS'
    | 'CHARGE_NOT_REPORTED'
    | 'REFUND_MISSED'
    | 'REFUND_UNKNOWN'
    | 'REFUND_DIFFERS'
    | 'REFUND_NOT_REPORTED'
    | 'PAYOUT_MISSED'
    | 'PAYOUT_INCOMPLETE'
    | 'PAYOUT_DIFFERS'
    | 'PAYOUT_NOT_REPORTED';
  /** The provider's id of the thing. */
  readonly reference: string;
  readonly detail: string;
}

/** What the report says and Billing did not know. */
export interface Missed {
  readonly entryId: string;
  readonly intent: IntentSays | null;
  readonly refund: RefundSays | null;
  readonly payout: PayoutSays | null;
}

export interface Reconciled {
  readonly findings: readonly Finding[];
  readonly missed: readonly Missed[];
}

/** Compares the report with the books. The order of the lines does not matter. */
export function reconcile(report: readonly ReportLine[], known: Known): Reconciled {
  const findings: Finding[] = [];
  const missed: Missed[] = [];
  const nothing = { intent: null, refund: null, payout: null };
  for (const line of report) {
    const { entryId, providerRef, reference, amount, at } = line;
    const found = (kind: Finding['kind'], detail: string): void => {
      findings.push({ kind, reference: providerRef, detail });
    };
    switch (line.kind) {
      case 'CHARGE': {
        const booked = known.captured.get(providerRef);
        if (!booked) {
          found('CHARGE_UNKNOWN', `${textOf(amount)} came in and was not recorded`);
          const intent = { providerRef, status: 'SUCCEEDED', amount, reference, failure: null, saidAt: at } as const;
          missed.push({ ...nothing, entryId, intent });
        } else if (!isSame(booked, amount))
          found('CHARGE_DIFFERS', `${textOf(booked)} is recorded, ${textOf(amount)} is reported`);
        break;
      }
      case 'REFUND': {
        const back = negative(amount);
        const asked = known.refunds.get(reference);
        if (!asked) {
          found('REFUND_UNKNOWN', `${textOf(back)} went back, and nobody here asked`);
          break;
        }
        if (!isSame(asked, back))
          found('REFUND_DIFFERS', `${textOf(asked)} was asked for, ${textOf(back)} is reported`);
        if (asked.paidAs !== null) {
          if (asked.paidAs !== providerRef)
            found('REFUND_DIFFERS', `it was paid back as ${asked.paidAs} already, so it was paid twice`);
          break;
        }
        found('REFUND_MISSED', `${textOf(back)} went back and was not recorded`);
        const refund = { providerRef, status: 'SUCCEEDED', reference, failure: null, saidAt: at } as const;
        missed.push({ ...nothing, entryId, refund });
        break;
      }
      case 'PAYOUT': {
        const posted = known.payouts.get(providerRef);
        if (posted) {
          if (!isSame(posted, negative(amount)))
            found('PAYOUT_DIFFERS', `${textOf(posted)} is recorded, ${textOf(negative(amount))} is reported`);
          break;
        }
        const parts = report.filter(({ payoutRef, kind }) => payoutRef === providerRef && kind !== 'PAYOUT');
        const fees = sum(parts.filter(({ kind }) => kind === 'FEE'));
        if (sum(parts) !== -amount.amountMinor || fees > 0n) {
          found('PAYOUT_INCOMPLETE', `of ${textOf(negative(amount))} the report has parts over ${sum(parts)}`);
          break;
        }
        found('PAYOUT_MISSED', `${textOf(negative(amount))} was paid to the bank and not recorded`);
        const payout = {
          providerRef,
          amount: negative(amount),
          fees: { amountMinor: -fees, currency: amount.currency },
          saidAt: at,
        };
        missed.push({ ...nothing, entryId, payout });
        break;
      }
      case 'FEE':
      case 'UNSPECIFIED':
        break;
    }
  }
  return { findings: [...findings, ...notReported(report, known)], missed };
}

/** What the books have on the days of the report, and the report does not. */
function notReported(report: readonly ReportLine[], { expected }: Known): readonly Finding[] {
  const missing = (refs: readonly string[], kind: ReportLine['kind']): readonly string[] => {
    const reported = new Set(report.filter((line) => line.kind === kind).map(({ providerRef }) => providerRef));
    return refs.filter((ref) => !reported.has(ref));
  };
  const found = (kind: Finding['kind'], what: string) => (reference: string) => ({
    kind,
    reference,
    detail: `it is recorded as ${what}, and the report does not have it`,
  });
  return [
    ...missing(expected.charges, 'CHARGE').map(found('CHARGE_NOT_REPORTED', 'paid')),
    ...missing(expected.refunds, 'REFUND').map(found('REFUND_NOT_REPORTED', 'paid back')),
    ...missing(expected.payouts, 'PAYOUT').map(found('PAYOUT_NOT_REPORTED', 'paid to the bank')),
  ];
}

function isSame(a: Amount, b: Amount): boolean {
  return a.amountMinor === b.amountMinor && a.currency === b.currency;
}

function sum(lines: readonly ReportLine[]): bigint {
  return lines.reduce((total, { amount }) => total + amount.amountMinor, 0n);
}

function negative({ amountMinor, currency }: Amount): Amount {
  return { amountMinor: -amountMinor, currency };
}

function textOf({ amountMinor, currency }: Amount): string {
  return `${amountMinor} ${currency}`;
}
