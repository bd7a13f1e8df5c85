import type { Approval, Decision } from '../domain/approval.ts';
import type { Subject } from '../domain/policy.ts';
import { toStep, type StepJson } from './policyJson.ts';

/** A row of `approval`, as the statements select it. */
export interface ApprovalRow {
  readonly approval_id: string;
  readonly version: bigint;
  readonly state: Approval['state'];
  readonly subject_type: Subject['type'];
  readonly subject_id: string;
  readonly subject_version: bigint;
  readonly digest: string;
  readonly requester_id: string;
  readonly amount: bigint;
  readonly currency: string | null;
  readonly details: Subject['details'];
  readonly policy_id: string;
  readonly policy_version: bigint;
  readonly steps: readonly StepJson[];
  readonly requested_at: Date;
  readonly step: number | null;
  readonly due_at: Date | null;
  readonly escalates_at: Date | null;
  readonly escalated: boolean;
  readonly assignees: readonly string[] | null;
  readonly ended_at: Date | null;
}

/** A row of `decision`. */
export interface DecisionRow {
  readonly approval_id: string;
  readonly position: number;
  readonly step: number;
  readonly verdict: Decision['verdict'];
  readonly actor_id: string;
  readonly on_behalf_of: string | null;
  readonly delegation_id: string | null;
  readonly role: Decision['role'];
  readonly comment: string | null;
  readonly subject_version: bigint;
  readonly digest: string;
  readonly decided_at: Date;
}

/** `rows` are the decisions of any requests, in the sequence of their positions. */
export function toApproval(row: ApprovalRow, rows: readonly DecisionRow[]): Approval {
  const base = {
    approvalId: row.approval_id,
    version: row.version,
    subject: {
      type: row.subject_type,
      id: row.subject_id,
      version: row.subject_version,
      digest: row.digest,
      requesterId: row.requester_id,
      amount: row.amount,
      currency: row.currency ?? undefined,
      details: row.details,
    },
    policy: { policyId: row.policy_id, version: row.policy_version },
    steps: row.steps.map(toStep),
    decisions: rows.filter((decision) => decision.approval_id === row.approval_id).map(toDecision),
    requestedAt: row.requested_at,
  };
  const { state } = row;
  if (state !== 'PENDING') return { ...base, state, endedAt: filled(row.ended_at) };
  return {
    ...base,
    state,
    step: filled(row.step),
    dueAt: filled(row.due_at),
    escalatesAt: row.escalates_at ?? undefined,
    escalated: row.escalated,
    assignees: row.assignees ?? undefined,
  };
}

function toDecision(row: DecisionRow): Decision {
  return {
    position: row.position,
    step: row.step,
    verdict: row.verdict,
    actorId: row.actor_id,
    onBehalfOf: row.on_behalf_of ?? undefined,
    delegationId: row.delegation_id ?? undefined,
    role: row.role,
    comment: row.comment ?? undefined,
    subjectVersion: row.subject_version,
    digest: row.digest,
    decidedAt: row.decided_at,
  };
}

/** A column that is not NULL in this state, by the constraint `pending_until_it_ends`. */
function filled<T>(value: T | null): T {
  if (value === null) throw new Error('a column of table approval is NULL, although its constraint requires a value');
  return value;
}
