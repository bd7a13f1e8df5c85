import type { Read, Tx } from '@atlas/runtime';
import type { Closed, Open, Approval } from './domain/approval.ts';

export interface ApprovalStore {
  /** False if the subject has one already; then nothing is stored. */
  insert(tx: Tx, open: Open): Promise<boolean>;
  /**
   * Reads one, and locks it until the transaction ends. Undefined if there is none.
   * Throws `VersionConflict` if it is at another version than `expected`.
   */
  load(tx: Tx, approvalId: string, expected?: bigint): Promise<Approval | undefined>;
  /** Reads without locking, for queries. */
  read(read: Read, approvalId: string): Promise<Approval | undefined>;
  /** Writes the next version. Throws `VersionConflict` if the stored one is not the version before. */
  save(tx: Tx, closed: Closed): Promise<void>;
}
