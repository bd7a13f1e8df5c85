import type { Read, Tx } from '@atlas/runtime';
import type { CreditedLine, CreditReason } from './domain/credit.ts';
import type { Invoice } from './domain/invoice.ts';
import type { Account, Journal, PostedJournal } from './domain/ledger.ts';
import type { ManualJournal } from './domain/manualJournal.ts';
import type { Payment } from './domain/payment.ts';
import type { Period } from './domain/period.ts';
import type { Finding, Known, ReportLine } from './domain/reconcile.ts';
import type { Refund } from './domain/refund.ts';
import type { IntentSays, RefundSays } from './domain/says.ts';

export type { Tx };

/*
 * Rows are locked in this order, so that transactions do not deadlock: invoice, its payments, their refunds, a series
 * of numbers, the books.
 */

export interface InvoiceStore {
  insert(tx: Tx, invoice: Invoice): Promise<void>;
  /** Reads one and locks it. Throws `VersionConflict` if it is not at version `expected`. */
  load(tx: Tx, invoiceId: string, expected?: bigint): Promise<Invoice | undefined>;
  /** The same for the invoice of an order. */
  loadOfOrder(tx: Tx, orderId: string): Promise<Invoice | undefined>;
  read(read: Read, invoiceId: string): Promise<Invoice | undefined>;
  readOfOrder(read: Read, orderId: string): Promise<Invoice | undefined>;
  /** Writes the next version. Throws `VersionConflict` if the stored version is not the previous one. */
  save(tx: Tx, invoice: Invoice): Promise<void>;
}

export interface CreditNote {
  readonly creditNoteId: string;
  readonly invoiceId: string;
  readonly number: string;
  readonly reason: CreditReason;
  /** Somebody's note about it. */
  readonly note: string | undefined;
  readonly requestedBy: string;
  readonly lines: readonly CreditedLine[];
  readonly creditedAt: Date;
}

export interface CreditNoteStore {
  insert(tx: Tx, note: CreditNote): Promise<void>;
  read(read: Read, creditNoteId: string): Promise<CreditNote | undefined>;
}

export interface PaymentStore {
  /** False if the provider's charge is recorded already; then nothing is stored. */
  insert(tx: Tx, payment: Payment): Promise<boolean>;
  /** Reads one and locks it. Throws `VersionConflict` if it is not at version `expected`. */
  load(tx: Tx, paymentId: string, expected?: bigint): Promise<Payment | undefined>;
  /** Finds one by the provider's id, without a lock. */
  findByRef(tx: Tx, provider: string, providerRef: string): Promise<Payment | undefined>;
  /** The payments of an invoice, locked, in the order in which they were made. */
  ofInvoice(tx: Tx, invoiceId: string): Promise<readonly Payment[]>;
  /** Reads one without a lock. */
  read(read: Read | Tx, paymentId: string): Promise<Payment | undefined>;
  /** Writes the next version. Throws `VersionConflict` if the stored version is not the previous one. */
  save(tx: Tx, payment: Payment): Promise<void>;
}

export interface RefundStore {
  insert(tx: Tx, refund: Refund): Promise<void>;
  /** Reads one and locks it. Throws `VersionConflict` if it is not at version `expected`. */
  load(tx: Tx, refundId: string, expected?: bigint): Promise<Refund | undefined>;
  /** Reads one without a lock. */
  read(read: Read | Tx, refundId: string): Promise<Refund | undefined>;
  /** Writes the next version. Throws `VersionConflict` if the stored version is not the previous one. */
  save(tx: Tx, refund: Refund): Promise<void>;
}

export interface ManualJournalStore {
  insert(tx: Tx, journal: ManualJournal): Promise<void>;
  /** Reads one and locks it. */
  load(tx: Tx, journalId: string): Promise<ManualJournal | undefined>;
  read(read: Read, journalId: string): Promise<ManualJournal | undefined>;
  /** Whether a reversal of it is requested or posted. */
  isReversed(tx: Tx, journalId: string): Promise<boolean>;
  save(tx: Tx, journal: ManualJournal): Promise<void>;
}

/** Things that are known but not posted yet, the oldest first, at most 100 of each kind. */
export interface Unposted {
  readonly manualJournals: readonly string[];
  readonly refunds: readonly string[];
}

export interface PeriodStore {
  /** The last closed month. No other month is closed until the transaction ends. */
  closedThrough(tx: Tx): Promise<string>;
  /** Reads a month, and keeps others from posting until the transaction ends. Throws `VersionConflict`. */
  load(tx: Tx, period: string, expected: bigint): Promise<Period>;
  read(read: Read, period: string): Promise<Period>;
  close(tx: Tx, period: string, by: string, at: Date): Promise<void>;
  /** Things that belong to this month or an earlier one and are not posted. */
  unposted(read: Read | Tx, period: string): Promise<Unposted>;
}

export interface Balance {
  readonly account: Account;
  readonly currency: string;
  readonly debit: bigint;
  readonly credit: bigint;
}

export interface Ledger {
  /**
   * Posts a journal into the month of its date, or into the first open month if that one is closed. Nobody can close a
   * month until the transaction ends. The database refuses a journal that is not balanced, or that was posted before.
   */
  post(tx: Tx, journal: Journal): Promise<PostedJournal>;
  /** Whether something was posted already. */
  has(tx: Tx, kind: Journal['kind'], reference: string): Promise<boolean>;
  read(read: Read | Tx, journalId: string): Promise<PostedJournal | undefined>;
  /** The sums of each account and currency, of all journals or of those up to a month. */
  balances(read: Read, upTo: string | undefined): Promise<readonly Balance[]>;
}

export interface NumberSeries {
  /** The next number, from 1. If the transaction is rolled back, the next one gets the same number. */
  next(tx: Tx, series: string): Promise<bigint>;
}

/** How a call to the provider is made. The provider does its work once per idempotency key. */
export interface ProviderCall {
  readonly idempotencyKey: string;
  readonly correlationId: string;
  readonly signal: AbortSignal;
}

interface Asked {
  readonly amount: { readonly amountMinor: bigint; readonly currency: string };
  readonly reference: string;
}

/**
 * The payment provider. If it declines, that is an answer (`FAILED`). The functions throw if it is unknown what
 * happened; then the call must be made again.
 */
export interface PaymentProvider {
  createIntent(asked: Asked & { readonly description: string }, call: ProviderCall): Promise<IntentSays>;
  /** An intent that was captured meanwhile is answered as such. */
  cancelIntent(asked: { readonly providerRef: string }, call: ProviderCall): Promise<IntentSays>;
  createRefund(asked: Asked & { readonly intentRef: string }, call: ProviderCall): Promise<RefundSays>;
  /** The whole report of a day, the oldest line first. */
  settlementOf(day: string, call: Omit<ProviderCall, 'idempotencyKey'>): Promise<readonly ReportLine[]>;
}

export interface ProviderEventStore {
  /** False if it is known already. */
  insert(tx: Tx, event: { provider: string; eventId: string; receivedAt: Date }): Promise<boolean>;
}

/** A comparison of the books with the provider's report. */
export interface Reconciliation {
  readonly runId: string;
  /** 1 while it runs, 2 once it is done. */
  readonly version: bigint;
  readonly state: 'RUNNING' | 'DONE';
  /** YYYY-MM-DD, both included. */
  readonly from: string;
  readonly to: string;
  /** How many lines the report has. */
  readonly entries: bigint;
  /** How many findings there are. */
  readonly found: bigint;
  /** The first of them. */
  readonly findings: readonly Finding[];
  readonly requestedBy: string;
  readonly requestedAt: Date;
}

export interface ReconciliationStore {
  insert(tx: Tx, run: Reconciliation): Promise<void>;
  read(read: Read | Tx, runId: string): Promise<Reconciliation | undefined>;
  /** Stores all that a run has found. False if it is done already. */
  finish(tx: Tx, run: Omit<Reconciliation, 'found'>): Promise<boolean>;
  /** What the books have about the provider's report and about its days. */
  known(tx: Tx, provider: string, run: Reconciliation, report: readonly ReportLine[]): Promise<Known>;
}

/** SHA-256 of a text in UTF-8, as 64 hex digits. */
export type Sha256 = (text: string) => string;

/** Everything that the handlers need. Each handler names the ports that it uses. */
export interface Ports {
  readonly invoices: InvoiceStore;
  readonly creditNotes: CreditNoteStore;
  readonly payments: PaymentStore;
  readonly refunds: RefundStore;
  readonly manualJournals: ManualJournalStore;
  readonly periods: PeriodStore;
  readonly ledger: Ledger;
  readonly numbers: NumberSeries;
  readonly providerEvents: ProviderEventStore;
  readonly reconciliations: ReconciliationStore;
  readonly sha256: Sha256;
  /** Undefined if none is configured. Then nothing is collected, and people record the money that comes in. */
  readonly provider: PaymentProvider | undefined;
}
