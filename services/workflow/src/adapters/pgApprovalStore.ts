import { sql, type CommonQueryMethods } from 'slonik';
import { VersionConflict } from '@atlas/runtime';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { Approval } from '../domain/approval.ts';
import type { ApprovalStore, Wanted } from '../ports.ts';
import { toApproval, type ApprovalRow, type DecisionRow } from './approvalRows.ts';

const APPROVAL = sql.fragment`
  SELECT a.approval_id, a.version, a.state, a.subject_type, a.subject_id, a.subject_version, a.digest, a.requester_id,
    a.amount, a.currency, a.details, a.policy_id, a.policy_version, a.steps, a.requested_at, a.step, a.due_at, a.escalates_at,
    a.escalated, a.assignees, a.ended_at
  FROM approval a`;

/** An id that sorts before all others. */
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Requests for approval in Postgres, in the transaction that the plumbing opened. */
export const pgApprovalStore: ApprovalStore = {
  insert: async (tx, approval) => {
    const { approvalId, version, state, subject, policy, steps, requestedAt } = approval;
    const { step, dueAt, escalatesAt, endedAt } = progressOf(approval);
    await slonikOf(tx).query(sql.prepared('workflow.insert_approval', rows<never>())`
      INSERT INTO approval (approval_id, version, state, subject_type, subject_id, subject_version, digest, requester_id,
        amount, currency, details, policy_id, policy_version, steps, requested_at, step, due_at, escalates_at, ended_at)
      VALUES (${approvalId}, ${version}, ${state}, ${subject.type}, ${subject.id}, ${subject.version}, ${subject.digest},
        ${subject.requesterId}, ${subject.amount}, ${subject.currency ?? null}, ${JSON.stringify(subject.details)}, ${policy.policyId}, ${policy.version},
        ${JSON.stringify(steps)}, ${requestedAt.toISOString()}, ${step}, ${dueAt}, ${escalatesAt}, ${endedAt})`);
  },

  load: async (tx, approvalId, expected) => {
    const db = slonikOf(tx);
    const row = await db.maybeOne(sql.prepared('workflow.lock_approval', rows<ApprovalRow>())`${APPROVAL}
      WHERE a.approval_id = ${approvalId} FOR UPDATE`);
    if (row && expected !== undefined && row.version !== expected)
      throw new VersionConflict(`approval ${approvalId}`, expected, row.version);
    return assemble(db, row);
  },

  latest: async (tx, { type, id }) => {
    const db = slonikOf(tx);
    const row = await db.maybeOne(sql.prepared('workflow.lock_latest_approval', rows<ApprovalRow>())`${APPROVAL}
      WHERE a.subject_type = ${type} AND a.subject_id = ${id} ORDER BY a.subject_version DESC LIMIT 1 FOR UPDATE`);
    return assemble(db, row);
  },

  read: async (read, approvalId) => {
    const db = slonikOf(read);
    const row = await db.maybeOne(sql.prepared('workflow.select_approval', rows<ApprovalRow>())`${APPROVAL}
      WHERE a.approval_id = ${approvalId}`);
    return assemble(db, row);
  },

  list: async (read, wanted) => {
    const db = slonikOf(read);
    const found = await db.any(pageOf(wanted));
    const decisions = await selectDecisions(
      db,
      found.map((row) => row.approval_id),
    );
    return found.map((row) => toApproval(row, decisions));
  },

  save: async (tx, approval) => {
    const db = slonikOf(tx);
    const { approvalId, version, state } = approval;
    const { step, dueAt, escalatesAt, escalated, assignees, endedAt } = progressOf(approval);
    const before = version - 1n;
    const { rowCount } = await db.query(sql.prepared('workflow.update_approval', rows<never>())`
      UPDATE approval SET version = ${version}, state = ${state}, step = ${step}, due_at = ${dueAt},
        escalates_at = ${escalatesAt}, escalated = ${escalated},
        assignees = nullif(${sql.array(assignees, 'text')}, '{}'), ended_at = ${endedAt}
      WHERE approval_id = ${approvalId} AND version = ${before}`);
    if (rowCount === 1) return;
    const stored = await db.one(sql.prepared('workflow.version', rows<Pick<ApprovalRow, 'version'>>())`
      SELECT version FROM approval WHERE approval_id = ${approvalId}`);
    throw new VersionConflict(`approval ${approvalId}`, before, stored.version);
  },

  waitsFor: async (tx, requesterId) => {
    const { waits } = await slonikOf(tx).one(sql.prepared('workflow.waits_for', rows<{ readonly waits: boolean }>())`
      SELECT EXISTS (SELECT FROM approval WHERE requester_id = ${requesterId} AND state = 'PENDING') AS waits`);
    return waits;
  },

  addDecision: async (tx, approvalId, decision, { seq }) => {
    const { position, step, verdict, actorId, onBehalfOf, delegationId, role, comment, subjectVersion } = decision;
    await slonikOf(tx).query(sql.prepared('workflow.insert_decision', rows<never>())`
      INSERT INTO decision (approval_id, position, step, verdict, actor_id, on_behalf_of, delegation_id, role, comment,
        subject_version, digest, decided_at, audit_seq)
      VALUES (${approvalId}, ${position}, ${step}, ${verdict}, ${actorId}, ${onBehalfOf ?? null}, ${delegationId ?? null},
        ${role}, ${comment ?? null}, ${subjectVersion}, ${decision.digest}, ${decision.decidedAt.toISOString()}, ${seq})`);
  },
};

/**
 * The statement for a page. There are three, so that each can use an index. Most requests ended long ago, and a page
 * must not read all of these.
 */
function pageOf({ state, participant, after, limit }: Wanted) {
  const from = after ?? FIRST;
  if (participant === undefined)
    return state === undefined
      ? sql.prepared('workflow.list_all', rows<ApprovalRow>())`${APPROVAL}
          WHERE a.approval_id > ${from} ORDER BY a.approval_id LIMIT ${limit}`
      : sql.prepared('workflow.list_in_state', rows<ApprovalRow>())`${APPROVAL}
          WHERE a.state = ${state} AND a.approval_id > ${from} ORDER BY a.approval_id LIMIT ${limit}`;
  const wanted = state ?? null;
  const next = sql.fragment`(${wanted}::text IS NULL OR a.state = ${wanted}) AND a.approval_id > ${from}
    ORDER BY a.approval_id LIMIT ${limit}`;
  return sql.prepared('workflow.list_of_participant', rows<ApprovalRow>())`${APPROVAL}
    WHERE a.approval_id IN (
      (SELECT a.approval_id FROM approval a WHERE a.requester_id = ${participant} AND ${next})
      UNION (SELECT a.approval_id FROM approval a WHERE a.state = 'PENDING' AND ${participant} = ANY (a.assignees) AND ${next})
      UNION (SELECT a.approval_id FROM approval a JOIN decision d USING (approval_id)
        WHERE d.actor_id = ${participant} AND ${next})
      UNION (SELECT a.approval_id FROM approval a JOIN decision d USING (approval_id)
        WHERE d.on_behalf_of = ${participant} AND ${next}))
    ORDER BY a.approval_id LIMIT ${limit}`;
}

/** The columns that change. */
function progressOf(approval: Approval) {
  if (approval.state !== 'PENDING')
    return {
      step: null,
      dueAt: null,
      escalatesAt: null,
      escalated: false,
      assignees: [],
      endedAt: approval.endedAt.toISOString(),
    };
  const { step, dueAt, escalatesAt, escalated, assignees } = approval;
  return {
    step,
    dueAt: dueAt.toISOString(),
    escalatesAt: escalatesAt?.toISOString() ?? null,
    escalated,
    assignees: assignees ?? [],
    endedAt: null,
  };
}

async function assemble(db: CommonQueryMethods, row: ApprovalRow | null): Promise<Approval | undefined> {
  if (!row) return undefined;
  // a request without steps has no decisions
  return toApproval(row, row.steps.length === 0 ? [] : await selectDecisions(db, [row.approval_id]));
}

function selectDecisions(db: CommonQueryMethods, approvalIds: readonly string[]): Promise<readonly DecisionRow[]> {
  return db.any(sql.prepared('workflow.select_decisions', rows<DecisionRow>())`
    SELECT approval_id, position, step, verdict, actor_id, on_behalf_of, delegation_id, role, comment, subject_version,
      digest, decided_at
    FROM decision WHERE approval_id = ANY (${sql.array(approvalIds, 'uuid')}) ORDER BY approval_id, position`);
}
