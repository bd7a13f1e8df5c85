import type { Read, Tx } from '@atlas/runtime';
import type { Closed, Open, Invoice } from './domain/invoice.ts';

export interface InvoiceStore {
  /** False if the subject has one already; then nothing is stored. */
  insert(tx: Tx, open: Open): Promise<boolean>;
  /**
   * Reads one, and locks it until the transaction ends. Undefined if there is none.
   * Throws `VersionConflict` if it is at another version than `expected`.
   */
  load(tx: Tx, invoiceId: string, expected?: bigint): Promise<Invoice | undefined>;
  /** Reads without locking, for queries. */
  read(read: Read, invoiceId: string): Promise<Invoice | undefined>;
  /** Writes the next version. Throws `VersionConflict` if the stored one is not the version before. */
  save(tx: Tx, closed: Closed): Promise<void>;
}
