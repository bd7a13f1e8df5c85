import { sql } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { Approval } from '../domain/approval.ts';
import type { ApprovalStore } from '../ports.ts';

interface Row {
  readonly approvalId: string;
  readonly version: bigint;
  readonly subject: string;
  readonly state: Approval['state'];
  readonly openedBy: string;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}

const SELECT = sql.fragment`
      SELECT approval_id AS "approvalId", version, subject, state, opened_by AS "openedBy", opened_at AS "openedAt",
        closed_at AS "closedAt"
      FROM approvals`;

/** The aggregate in Postgres, in the transaction that the plumbing opened. */
export const pgApprovalStore: ApprovalStore = {
  insert: async (tx, { approvalId, version, subject, state, openedBy, openedAt }) => {
    const { rowCount } = await slonikOf(tx).query(sql.prepared('workflow.insert', rows<never>())`
          INSERT INTO approvals (approval_id, version, subject, state, opened_by, opened_at)
          VALUES (${approvalId}, ${version}, ${subject}, ${state}, ${openedBy}, ${openedAt.toISOString()})
          ON CONFLICT (subject) DO NOTHING`);
    return rowCount === 1;
  },

  load: async (tx, approvalId, expected) => {
    const row = await slonikOf(tx).maybeOne(sql.prepared('workflow.lock', rows<Row>())`${SELECT}
          WHERE approval_id = ${approvalId} FOR UPDATE`);
    if (row && expected !== undefined && row.version !== expected)
      throw new VersionConflict(approvalId, expected, row.version);
    return row ? stateOf(row) : undefined;
  },

  read: async (read, approvalId) => {
    const row = await slonikOf(read).maybeOne(sql.prepared('workflow.select', rows<Row>())`${SELECT}
          WHERE approval_id = ${approvalId}`);
    return row ? stateOf(row) : undefined;
  },

  save: async (tx, { approvalId, version, state, closedAt }) => {
    const db = slonikOf(tx);
    const before = version - 1n;
    const { rowCount } = await db.query(sql.prepared('workflow.update', rows<never>())`
          UPDATE approvals SET version = ${version}, state = ${state}, closed_at = ${closedAt.toISOString()}
          WHERE approval_id = ${approvalId} AND version = ${before}`);
    if (rowCount === 1) return;
    const stored = await db.one(sql.prepared('workflow.version', rows<Pick<Row, 'version'>>())`
          SELECT version FROM approvals WHERE approval_id = ${approvalId}`);
    throw new VersionConflict(approvalId, before, stored.version);
  },
};

function stateOf({ state, closedAt, ...opening }: Row): Approval {
  if (state === 'OPEN') return { ...opening, state };
  if (!closedAt) throw new Error('a closed row has no closed_at, which the constraint closed_at_some_time rules out');
  return { ...opening, state, closedAt };
}
