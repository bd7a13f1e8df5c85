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
  /** The provider's ids of the intents whose money came in on the days of the report. */
  readonly expected: readonly string[];
  /** Whether refunds have succeeded, by the id that we gave them. */
  readonly refunds: ReadonlyMap<string, boolean>;
  /** The provider's ids of the payouts that are posted. */
  readonly payouts: ReadonlySet<string>;
}

export interface Finding {
  readonly kind:
    | 'CHARGE_UNKNOWN'
    | 'CHARGE_DIFFERS'
    | 'CHARGE_NOT_REPORTED'
    | 'REFUND_MISSED'
    | 'REFUND_UNKNOWN'
    | 'PAYOUT_MISSED'
    | 'PAYOUT_INCOMPLETE';
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
        } else if (booked.amountMinor !== amount.amountMinor || booked.currency !== amount.currency)
          found('CHARGE_DIFFERS', `${textOf(booked)} is recorded, ${textOf(amount)} is reported`);
        break;
      }
      case 'REFUND': {
        const succeeded = known.refunds.get(reference);
        if (succeeded === undefined)
          found('REFUND_UNKNOWN', `${textOf(negative(amount))} went back, and nobody here asked`);
        if (succeeded !== false) break;
        found('REFUND_MISSED', `${textOf(negative(amount))} went back and was not recorded`);
        const refund = { providerRef, status: 'SUCCEEDED', reference, failure: null, saidAt: at } as const;
        missed.push({ ...nothing, entryId, refund });
        break;
      }
      case 'PAYOUT': {
        if (known.payouts.has(providerRef)) break;
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
  const reported = new Set(report.filter(({ kind }) => kind === 'CHARGE').map(({ providerRef }) => providerRef));
  for (const reference of known.expected.filter((ref) => !reported.has(ref)))
    findings.push({
      kind: 'CHARGE_NOT_REPORTED',
      reference,
      detail: 'it is recorded as paid, and the report does not have it',
    });
  return { findings, missed };
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
