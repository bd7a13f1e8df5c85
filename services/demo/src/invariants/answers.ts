import type { components as Billing } from '@atlas/generated-billing';
import type { components as Workflow } from '@atlas/generated-workflow';

type Money = Billing['schemas']['Money'];

/** A line of the provider's settlement report: a change of the balance that the provider keeps. */
export interface ReportEntry {
  readonly type: 'charge' | 'refund' | 'fee' | 'payout';
  /** Below zero if money goes out. */
  readonly amount: number;
  readonly currency: string;
  /** The payout to which it belongs. */
  readonly payoutId?: string;
}

export type Account = Billing['schemas']['AccountBalance'];

/** The answers of the services and the payment provider about the events of a log. */
export interface Answers {
  /** When the log began. Events that were sent before are not in it. */
  readonly since: Date;
  /** The invoices of the log. */
  readonly invoices: readonly {
    readonly orderId: string;
    readonly total: Money;
    readonly credited: Money;
    readonly paid: Money;
    readonly open: Money;
  }[];
  /** The total that customers owe, by currency, as Reporting adds it up from the events. */
  readonly owed: readonly { readonly currency: string; readonly totalMinor: number }[];
  /** The books when the log began, and now. */
  readonly before: readonly Account[];
  readonly accounts: readonly Account[];
  /** The provider's report for the time of the log. */
  readonly report: readonly ReportEntry[];
  /** The requests that were granted. */
  readonly approvals: readonly {
    readonly approvalId: string;
    readonly subject: Pick<Workflow['schemas']['Subject'], 'total' | 'quantity'>;
  }[];
  /** The versions of the policies under which they were granted. */
  readonly policies: readonly Pick<Workflow['schemas']['PolicyVersion'], 'policyId' | 'version' | 'rules'>[];
  /** The roles in a person's token; none if the person is unknown. */
  rolesOf(actorId: string): readonly string[];
}
