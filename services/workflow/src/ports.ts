import type { Read, Tx } from '@atlas/runtime';
import type { Approval, Approved, Decision, Pending } from './domain/approval.ts';
import type { Delegation } from './domain/delegation.ts';
import type { PolicyInForce, Subject } from './domain/policy.ts';
import type { PolicyVersion } from './domain/policyVersion.ts';

export type { Read, Tx };

export interface ApprovalStore {
  insert(tx: Tx, approval: Pending | Approved): Promise<void>;
  /**
   * Reads one, and locks it until the transaction ends. Undefined if there is none. Throws `VersionConflict` if it is
   * not at version `expected`.
   */
  load(tx: Tx, approvalId: string, expected?: bigint): Promise<Approval | undefined>;
  /** Reads the one of the subject's highest version, and locks it. Undefined if there is none. */
  latest(tx: Tx, subject: Pick<Subject, 'type' | 'id'>): Promise<Approval | undefined>;
  /** Reads without locking, for queries. */
  read(read: Read, approvalId: string): Promise<Approval | undefined>;
  /** A page, the oldest first. */
  list(read: Read, wanted: Wanted): Promise<readonly Approval[]>;
  /** Writes the next version. Throws `VersionConflict` if the stored version is not the previous one. */
  save(tx: Tx, approval: Approval): Promise<void>;
  /** Whether something that this person requested waits for its approval. */
  waitsFor(tx: Tx, requesterId: string): Promise<boolean>;
  /** Writes a decision and its entry in the audit chain. */
  addDecision(tx: Tx, approvalId: string, decision: Decision, entry: Audited): Promise<void>;
}

export interface Wanted {
  readonly state: Approval['state'] | undefined;
  /** Only those that this person requested, decided or is assigned to. Undefined means all. */
  readonly participant: string | undefined;
  /** The last id of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

export interface PolicyStore {
  /** The highest confirmed version of the policy for a type of subject. */
  inForce(tx: Tx, type: Subject['type']): Promise<PolicyInForce>;
  /** The newest proposals since the version in force, then that version. Empty if there is no such policy. */
  current(session: Tx | Read, policyId: string, proposals: number): Promise<readonly PolicyVersion[]>;
  /** One version. Undefined if there is none. */
  version(session: Tx | Read, policyId: string, version: bigint): Promise<PolicyVersion | undefined>;
  /** Keeps others from proposing or confirming a version until the transaction ends. */
  lock(tx: Tx): Promise<void>;
  add(tx: Tx, proposal: PolicyVersion): Promise<void>;
  confirm(tx: Tx, confirmed: PolicyVersion): Promise<void>;
}

export interface DelegationStore {
  /** The delegations from one person to another. They cannot be revoked until the transaction ends. */
  between(tx: Tx, delegatorId: string, delegateId: string): Promise<readonly Delegation[]>;
  /** The delegations with which a person may decide in the names of others now. */
  received(read: Read, delegateId: string, now: Date): Promise<readonly Delegation[]>;
  /** Delegations from or to any of these people that end after a time, those that end first at the front. */
  around(session: Tx | Read, people: readonly string[], now: Date): Promise<readonly StoredDelegation[]>;
  /** Keeps others from delegating until the transaction ends. */
  lock(tx: Tx): Promise<void>;
  add(tx: Tx, delegation: StoredDelegation, createdAt: Date): Promise<void>;
  read(read: Read, delegationId: string): Promise<StoredDelegation | undefined>;
  /** Reads one, and locks it until the transaction ends. */
  load(tx: Tx, delegationId: string): Promise<StoredDelegation | undefined>;
  revoke(tx: Tx, revoked: Delegation, actorId: string): Promise<void>;
}

/** A delegation with the comment of the person who made it. */
export interface StoredDelegation extends Delegation {
  readonly reason: string | undefined;
}

/** An entry of the audit chain: its number and its hash. */
export interface Audited {
  readonly seq: bigint;
  readonly hash: string;
}

export interface AuditLog {
  /** Appends to the chain, which stays locked until the transaction ends. So append after all other locks. */
  append(tx: Tx, facts: string): Promise<Audited>;
}

/** The time of the database. Only this time decides about deadlines and delegations. */
export type DatabaseTime = (session: Tx | Read) => Promise<Date>;
