import type { components as Billing } from '@atlas/generated-billing';
import type { components as Workflow } from '@atlas/generated-workflow';

type Money = Billing['schemas']['Money'];

/** A line of the provider's settlement report: what changed the balance that the provider holds. */
export interface ReportEntry {
  readonly type: 'charge' | 'refund' | 'fee' | 'payout';
  /** Below zero for what goes out. */
  readonly amount: number;
  readonly currency: string;
  /** The payout that it is a part of. */
  readonly payoutId?: string;
}

export type Account = Billing['schemas']['AccountBalance'];

/** What the services and the payment provider answer about the events of a log. */
export interface Answers {
  /** The invoices of the log. */
  readonly invoices: readonly {
    readonly orderId: string;
    readonly total: Money;
    readonly credited: Money;
    readonly paid: Money;
    readonly open: Money;
  }[];
  /** What customers owe in all, as Reporting adds it up from the events, by currency. */
  readonly owed: readonly { readonly currency: string; readonly totalMinor: number }[];
  /** The books when the log began, and now. */
  readonly before: readonly Account[];
  readonly accounts: readonly Account[];
  /** What the provider reports for the time of the log. */
  readonly report: readonly ReportEntry[];
  /** The requests that were granted. */
  readonly approvals: readonly {
    readonly approvalId: string;
    readonly subject: Pick<Workflow['schemas']['Subject'], 'total' | 'quantity'>;
  }[];
  /** The versions of policies by which they were granted. */
  readonly policies: readonly Pick<Workflow['schemas']['PolicyVersion'], 'policyId' | 'version' | 'rules'>[];
  /** The roles of a person as their token says, none if they are unknown. */
  rolesOf(actorId: string): readonly string[];
}
