import type { Read, Tx } from '@atlas/runtime';
import type { CreditedLine, CreditReason } from './domain/credit.ts';
import type { Invoice } from './domain/invoice.ts';
import type { Account, Journal, PostedJournal } from './domain/ledger.ts';
import type { Payment } from './domain/payment.ts';
import type { Refund } from './domain/refund.ts';

export type { Tx };

/*
 * Rows are locked in this order, so that transactions do not wait for each other in a circle: invoice, its payments,
 * their refunds, a series of numbers, the books.
 */

export interface InvoiceStore {
  insert(tx: Tx, invoice: Invoice): Promise<void>;
  /** Reads one and locks it. Throws `VersionConflict` if it is at another version than `expected`. */
  load(tx: Tx, invoiceId: string, expected?: bigint): Promise<Invoice | undefined>;
  /** The same for the invoice of an order. */
  loadOfOrder(tx: Tx, orderId: string): Promise<Invoice | undefined>;
  read(read: Read, invoiceId: string): Promise<Invoice | undefined>;
  readOfOrder(read: Read, orderId: string): Promise<Invoice | undefined>;
  /** Writes the next version. Throws `VersionConflict` if the stored one is not the version before. */
  save(tx: Tx, invoice: Invoice): Promise<void>;
}

export interface CreditNote {
  readonly creditNoteId: string;
  readonly invoiceId: string;
  readonly number: string;
  readonly reason: CreditReason;
  /** What somebody says about it. */
  readonly note: string | undefined;
  readonly requestedBy: string;
  readonly lines: readonly CreditedLine[];
  readonly creditedAt: Date;
}

export interface CreditNoteStore {
  insert(tx: Tx, note: CreditNote): Promise<void>;
}

export interface PaymentStore {
  /** False if the provider's charge is recorded already; then nothing is stored. */
  insert(tx: Tx, payment: Payment): Promise<boolean>;
  /** Reads one and locks it. Throws `VersionConflict` if it is at another version than `expected`. */
  load(tx: Tx, paymentId: string, expected?: bigint): Promise<Payment | undefined>;
  /** The payments of an invoice, locked, in the order in which they were made. */
  ofInvoice(tx: Tx, invoiceId: string): Promise<readonly Payment[]>;
  read(read: Read, paymentId: string): Promise<Payment | undefined>;
  /** Writes the next version. Throws `VersionConflict` if the stored one is not the version before. */
  save(tx: Tx, payment: Payment): Promise<void>;
}

export interface RefundStore {
  insert(tx: Tx, refund: Refund): Promise<void>;
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
  read(read: Read, journalId: string): Promise<PostedJournal | undefined>;
  /** The sums of each account and currency, of all journals or of those up to a month. */
  balances(read: Read, upTo: string | undefined): Promise<readonly Balance[]>;
}

export interface NumberSeries {
  /** The next number, from 1. If the transaction is rolled back, the next one gets the same number. */
  next(tx: Tx, series: string): Promise<bigint>;
}

/** SHA-256 of a text in UTF-8, as 64 hex digits. */
export type Sha256 = (text: string) => string;

/** All that the handlers need; each names what it uses. */
export interface Ports {
  readonly invoices: InvoiceStore;
  readonly creditNotes: CreditNoteStore;
  readonly payments: PaymentStore;
  readonly refunds: RefundStore;
  readonly ledger: Ledger;
  readonly numbers: NumberSeries;
  readonly sha256: Sha256;
}
